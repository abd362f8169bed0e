import { usableStrata } from '../../math/stratified.ts';
import { unpairedDifference } from '../../math/unpaired-difference.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { isImmediate } from '../config/trainer-config.ts';
import type { Estimate } from '../model-figures.ts';
import { asStrata, controlItems, testItems } from '../test-set.ts';
import { firstRoundOfStrategy, storedComparisons } from './compare-with-chance.ts';
import { gainSentence } from './gain-sentence.ts';
import { type SelectionGain, selectionGain } from './selection-gain.ts';

/** How much harder selected items are than random ones: by the scores of the model before they are labeled. */
export interface Hardness {
  readonly selected: number;
  readonly random: number;
  /** Mean score of random items less that of selected ones, in points of the judge. */
  readonly difference: Estimate;
}

/** What a campaign knows of what its selecting gains. */
export interface CampaignGain {
  /** Null until models could be compared. */
  readonly gain: SelectionGain | null;
  readonly harder: Hardness | null;
  /** For people: what `gain` says. */
  readonly sentence: string;
  /** What `harder` says. */
  readonly hardness: string | null;
}

/** Null in a campaign without controls, and before its first model is evaluated. */
export function campaignGain(context: Pick<CampaignContext, 'state' | 'config'>): CampaignGain | null {
  const { state, config } = context;
  if (controlItems(state).size === 0 || state.models.models().length === 0) return null;
  const gain = currentGain(context) ?? null;
  const harder = hardness(context);
  const sentence =
    gain !== null
      ? gainSentence(gain)
      : isImmediate(config.trainer) || config.control.train
        ? 'Cannot tell yet if selecting helps: too few controls or test labels are in.'
        : 'Whether selecting helps is not measured: that takes control.train: true, or a trainer whose models are free, such as retrieval.';
  return { gain, harder, sentence, hardness: harder === null ? null : hardnessSentence(harder) };
}

/** Of the rounds that select as the campaign does now. */
export function currentGain(context: Pick<CampaignContext, 'state' | 'config'>): SelectionGain | undefined {
  const comparisons = storedComparisons(context, firstRoundOfStrategy(context));
  return selectionGain(comparisons, strataOf(context), context.config.seed);
}

/** The strata of test items, as rows of the ids given. Items of files are all of one. */
function strataOf({ state }: Pick<CampaignContext, 'state'>) {
  const drawn = testItems(state);
  return (ids: readonly string[]) => {
    const rows = ids.map((id, row) => {
      const position = drawn.size === 0 ? undefined : state.items.find(id);
      return { item: position === undefined ? undefined : drawn.get(position), value: row };
    });
    return usableStrata(asStrata(rows)).map(({ size, values }) => ({ size, items: values }));
  };
}

function hardness({ state }: Pick<CampaignContext, 'state' | 'config'>): Hardness | null {
  const controls = controlItems(state);
  const [selected, random]: [number[], number[]] = [[], []];
  for (const { number } of state.rounds.plans().slice(1)) {
    const scores = new Map(
      state.models
        .evaluations(number - 1)
        .flatMap(({ subset, itemId, score }) =>
          subset === 'pool' && score !== null ? [[itemId, score] as const] : [],
        ),
    );
    for (const { round, position } of state.rounds.handedOut()) {
      const score = round === number ? scores.get(state.items.idOf(position)) : undefined;
      if (score !== undefined) (controls.get(position) === number ? random : selected).push(score);
    }
  }
  if (selected.length < 2 || random.length < 2) return null;
  const { count, mean, interval } = unpairedDifference(random, selected);
  return { selected: selected.length, random: random.length, difference: { count, mean, interval } };
}

function hardnessSentence({ selected, random, difference: { mean: points, interval } }: Hardness): string {
  const { low, high } = interval!;
  const range = `95 %: ${low.toFixed(1)} to ${high.toFixed(1)}`.replaceAll('-', '−');
  const what = points >= 0 ? 'harder' : 'easier';
  return `Selected items were ${Math.abs(points).toFixed(1)} points ${what} than random ones for the model before (${range}; ${selected} and ${random} items).`;
}
