import type { Estimate, ModelChange } from '../../campaign/model-figures.ts';
import type { RoundStatus } from '../../campaign/status.ts';
import { shareInterval } from '../../math/share-interval.ts';
import { bar, FULL, gauge } from './bar.ts';
import { colors } from './colors.ts';
import { formatCount, formatEstimate, formatRange, formatScore, formatShare, plural } from './format.ts';
import { type Column, renderTable } from './table.ts';

const BAR_WIDTH = 10;
const QUALITY_NAMES = { rougeL: 'ROUGE-L', chrF: 'chrF', cosine: 'cosine' } as const;

/** What was chosen round by round, and how many of the answers are in. */
export function renderRounds(rounds: readonly RoundStatus[], width: number): string {
  return `${colors.bold('Rounds')}\n${renderTable(ROUND_COLUMNS, rounds, width)}`;
}

/** What each round's model fails at, and how far it has come; undefined before there is one. */
export function renderModels(rounds: readonly RoundStatus[], width: number): string | undefined {
  const trained = rounds.filter(({ model }) => model !== null);
  if (trained.length === 0) return undefined;
  const evaluated = trained.some(({ outcome }) => outcome !== null);
  const on = isTested(trained) ? `on ${testName(trained)}` : 'on the pool of each round';
  const about = evaluated ? ` ${on} (scores 1 to 10, ± 95 %)` : '';
  const table = renderTable(
    MODEL_COLUMNS,
    trained.map((round) => ({ ...round, rate: rateOf(round, trained) })),
    width,
  );
  return `${colors.bold('Seed models')}${about}\n${table}`;
}

/** A failure rate on what all rounds are measured on, if there is that, else on the pool of the round. */
interface Rate {
  readonly share: number;
  readonly count: number;
  readonly interval: { readonly low: number; readonly high: number };
}

/** Whether every model was evaluated on a test set. */
function isTested(rounds: readonly RoundStatus[]): boolean {
  const evaluated = rounds.flatMap(({ outcome }) => (outcome === null ? [] : [outcome.figures?.test?.from]));
  return evaluated.length > 0 && evaluated.every((from) => from === 'test-set' || from === 'test-files');
}

/** Late labels make a test set larger: then rounds have different items of it. */
function testName(rounds: readonly RoundStatus[]): string {
  const counts = new Set(rounds.flatMap(({ outcome }) => outcome?.figures?.test?.failureRate.count ?? []));
  return counts.size === 1 ? `the same ${plural([...counts][0]!, 'test item')}` : 'the test set';
}

/** @param rounds all, which decide what rates are shown */
export function rateOf({ outcome }: RoundStatus, rounds: readonly RoundStatus[]): Rate | null {
  if (outcome === null) return null;
  const tested = isTested(rounds) ? outcome.figures?.test?.failureRate : undefined;
  if (tested?.interval != null) return { share: tested.mean, count: tested.count, interval: tested.interval };
  const { failureRate, evaluated } = outcome;
  if (failureRate === null || evaluated === 0) return null;
  return { share: failureRate, count: evaluated, interval: shareInterval(failureRate * evaluated, evaluated) };
}

/** How many of a round's items people are done with. */
export function labelsIn({ selected, labeled, rejected, skipped, awaited }: RoundStatus): number {
  // Not all who are to answer may have, and what is gone on without is awaited no more.
  return Math.min(labeled + rejected + skipped, selected - awaited);
}

/** "██████░░░░  6 of 10" as its two parts. */
export function describeLabelsIn(round: RoundStatus, columns = BAR_WIDTH): { gauge: string; count: string } {
  const done = labelsIn(round);
  const share = round.selected === 0 ? 0 : done / round.selected;
  return {
    gauge: gauge([{ share, sign: FULL }], columns),
    count: `${formatCount(done)} of ${formatCount(round.selected)}`,
  };
}

const number: Column<RoundStatus> = { title: 'round', value: (round) => String(round.number), align: 'right' };

const ROUND_COLUMNS: readonly Column<RoundStatus>[] = [
  number,
  { title: 'kind', value: ({ kind }) => kind, drops: 'first' },
  { title: 'strategy', value: ({ strategy }) => strategy, shrinksTo: 8 },
  {
    title: 'planned',
    value: ({ planned, selected }) => (planned === selected ? '' : formatCount(planned)),
    align: 'right',
    hiddenIfAll: '',
  },
  {
    title: 'labels in',
    value: (round) => (round.selected === 0 ? '' : describeLabelsIn(round).gauge),
    paint: ({ awaited }) => (awaited > 0 ? colors.yellow : colors.green),
    drops: 'last',
  },
  { title: '', value: (round) => describeLabelsIn(round).count, align: 'right' },
  { title: 'labeled', value: ({ labeled }) => formatCount(labeled), align: 'right' },
  {
    title: 'rejected',
    value: ({ rejected }) => formatCount(rejected),
    align: 'right',
    hiddenIfAll: '0',
    drops: 'last',
  },
  { title: 'skipped', value: ({ skipped }) => formatCount(skipped), align: 'right', hiddenIfAll: '0', drops: 'last' },
];

type ModelRow = RoundStatus & { readonly rate: Rate | null };

const MODEL_COLUMNS: readonly Column<ModelRow>[] = [
  { title: 'round', value: ({ number }) => String(number), align: 'right' },
  { title: 'model', value: ({ model }) => model ?? '–', shrinksTo: 12 },
  { title: 'fails at', value: ({ rate }) => bar(rate?.share ?? 0, BAR_WIDTH), hiddenIfAll: '', drops: 'last' },
  { title: '', value: describeRound, align: 'right' },
  {
    title: '95 %',
    value: ({ rate }) => (rate === null ? '' : formatRange(rate.interval, formatShare)),
    align: 'right',
    hiddenIfAll: '',
    drops: 'last',
  },
  {
    title: 'of',
    value: ({ rate }) => (rate === null ? '' : formatCount(rate.count)),
    align: 'right',
    hiddenIfAll: '',
    drops: 'last',
  },
  {
    title: 'score',
    value: ({ outcome }) => describeMean(outcome?.figures?.test?.score),
    align: 'right',
    hiddenIfAll: '–',
  },
  ...(['rougeL', 'chrF', 'cosine'] as const).map(
    (key): Column<ModelRow> => ({
      title: QUALITY_NAMES[key],
      value: ({ outcome }) => describeMean(outcome?.figures?.test?.[key], outcome?.figures?.test?.score.count),
      align: 'right',
      hiddenIfAll: '–',
      drops: key === 'rougeL' ? 'last' : 'first',
    }),
  ),
  {
    title: 'gain',
    value: ({ outcome }) => describeGain(outcome),
    align: 'right',
    hiddenIfAll: '–',
    paint: ({ outcome }) => gainColor(outcome?.improvement ?? null),
    drops: 'last',
  },
  {
    title: 'radius',
    value: ({ outcome }) => formatScore(outcome?.coverageRadius ?? null, 3),
    align: 'right',
    hiddenIfAll: '–',
    drops: 'last',
  },
];

function describeRound({ outcome, rate }: ModelRow): string {
  if (outcome === null) return 'not evaluated';
  return rate === null ? '–' : `${(100 * rate.share).toFixed(1)} %`;
}

/** "5.37 ± 0.41", to the farther end of the interval. */
/** @param items of the row: a figure of fewer says of how many */
function describeMean(figure: Estimate | null | undefined, items = figure?.count): string {
  if (figure == null) return '–';
  return `${formatEstimate(figure)}${figure.count === items ? '' : ` of ${formatCount(figure.count)}`}`;
}

/** On what both this model and the one before answered. */
function describeGain(outcome: ModelRow['outcome']): string {
  if (outcome === null || outcome.improvement === null) return '–';
  const { improvement, gain } = outcome;
  const shown = formatEstimate({ mean: improvement, interval: gain?.interval ?? null });
  return improvement < 0 ? shown.replace('-', '−') : `+${shown}`;
}

function gainColor(improvement: number | null): ((text: string) => string) | undefined {
  if (improvement === null || improvement === 0) return undefined;
  return improvement < 0 ? colors.red : colors.green;
}

/** The failure rates of the last few rounds, a line each: whether the model gets better. */
export function failureRateLines(rounds: readonly RoundStatus[]): string[] {
  return rounds
    .flatMap((round) => {
      const rate = rateOf(round, rounds);
      return rate === null ? [] : [{ number: round.number, rate }];
    })
    .slice(-SHOWN_ROUNDS)
    .map(({ number, rate: { share, count, interval } }) => {
      const drawn = bar(share, FAILURE_BAR_WIDTH).padEnd(FAILURE_BAR_WIDTH);
      const rate = `${(100 * share).toFixed(1)} %`.padStart(7);
      return `round ${String(number).padEnd(3)} ${drawn} ${rate} of ${formatCount(count)} (95 %: ${formatRange(interval, formatShare)})`;
    });
}

/** How often the last model fails, and what changed since the first and the previous one on the same items. */
export function failurePairs(rounds: readonly RoundStatus[]): [string, string][] {
  const last = rounds.findLast((round) => rateOf(round, rounds) !== null);
  const rate = last && rateOf(last, rounds);
  if (!last || !rate) return [];
  const on = isTested(rounds) ? 'test' : 'pool';
  const items = on === 'test' ? plural(rate.count, 'test item') : `${plural(rate.count, 'instruction')} of the pool`;
  const told = `${formatShare(rate.share)} of ${items} (95 %: ${formatRange(rate.interval, formatShare)})`;
  const changes = (last.outcome?.figures?.changes ?? []).filter((change) => change.on === on);
  const pool = on === 'pool' ? undefined : last.outcome?.figures?.changes.findLast((change) => change.on === 'pool');
  return [
    ['fails at', told],
    ...changes.map((change): [string, string] => ['', describeChange(change)]),
    ...(pool === undefined ? [] : [['on the pool', describeChange(pool)] as [string, string]]),
  ];
}

/** "73 → 62 % since round 1, on the same 237 (−16 to −6 points)". */
function describeChange({ since, before, after, count, failureRate }: ModelChange): string {
  const points = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(0)}`;
  const { interval } = failureRate;
  const range = interval === null ? '' : ` (${points(interval.low)} to ${points(interval.high)} points)`;
  return `${formatShare(before).replace(/ %$/, '')} → ${formatShare(after)} since round ${since}, on the same ${formatCount(count)}${range}`;
}

const SHOWN_ROUNDS = 5;
const FAILURE_BAR_WIDTH = 20;
