import type { RoundStatus } from '../../campaign/status.ts';
import { bar, FULL, gauge } from './bar.ts';
import { colors } from './colors.ts';
import { formatCount, formatScore } from './format.ts';
import { type Column, renderTable } from './table.ts';

const BAR_WIDTH = 10;

/** What was chosen round by round, and how many of the answers are in. */
export function renderRounds(rounds: readonly RoundStatus[], width: number): string {
  return `${colors.bold('Rounds')}\n${renderTable(ROUND_COLUMNS, rounds, width)}`;
}

/** What each round's model fails at, and how far it has come; undefined before there is one. */
export function renderModels(rounds: readonly RoundStatus[], width: number): string | undefined {
  const trained = rounds.filter(({ model }) => model !== null);
  if (trained.length === 0) return undefined;
  const scores = trained.some(({ outcome }) => outcome !== null) ? ', with mean scores from 1 to 10' : '';
  return `${colors.bold('Seed models')}${scores}\n${renderTable(MODEL_COLUMNS, trained, width)}`;
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

const MODEL_COLUMNS: readonly Column<RoundStatus>[] = [
  number,
  { title: 'model', value: ({ model }) => model ?? '–', shrinksTo: 12 },
  {
    title: 'fails at',
    value: ({ outcome }) => bar(outcome?.failureRate ?? 0, BAR_WIDTH),
    hiddenIfAll: '',
    drops: 'last',
  },
  { title: '', value: ({ outcome }) => describeFailureRate(outcome), align: 'right' },
  {
    title: '',
    value: ({ outcome }) => (outcome === null ? '' : `of ${formatCount(outcome.evaluated)}`),
    hiddenIfAll: '',
    drops: 'first',
  },
  { title: 'pool', value: ({ outcome }) => formatScore(outcome?.poolScore ?? null), align: 'right', hiddenIfAll: '–' },
  {
    title: 'held-out',
    value: ({ outcome }) => formatScore(outcome?.heldOutScore ?? null),
    align: 'right',
    hiddenIfAll: '–',
    drops: 'last',
  },
  { title: 'test', value: ({ outcome }) => formatScore(outcome?.testScore ?? null), align: 'right', hiddenIfAll: '–' },
  {
    title: 'gain',
    value: ({ outcome }) => describeGain(outcome?.improvement ?? null),
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

/** On what both this model and the one before answered. */
function describeGain(improvement: number | null): string {
  return improvement === null ? '–' : `${improvement < 0 ? '−' : '+'}${Math.abs(improvement).toFixed(2)}`;
}

function gainColor(improvement: number | null): ((text: string) => string) | undefined {
  if (improvement === null || improvement === 0) return undefined;
  return improvement < 0 ? colors.red : colors.green;
}

export function describeFailureRate(outcome: RoundStatus['outcome']): string {
  if (outcome === null) return 'not evaluated';
  return outcome.failureRate === null ? '–' : `${(100 * outcome.failureRate).toFixed(1)} %`;
}

/** The failure rates of the last few rounds, a line each: whether the model gets better. */
export function failureRateLines(rounds: readonly RoundStatus[]): string[] {
  return rounds
    .filter(({ outcome }) => outcome?.failureRate != null)
    .slice(-SHOWN_ROUNDS)
    .map(({ number, outcome }) => {
      const drawn = bar(outcome!.failureRate!, FAILURE_BAR_WIDTH).padEnd(FAILURE_BAR_WIDTH);
      return `round ${String(number).padEnd(3)} ${drawn} ${describeFailureRate(outcome).padStart(7)}`;
    });
}

const SHOWN_ROUNDS = 5;
const FAILURE_BAR_WIDTH = 20;
