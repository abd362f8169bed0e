import type { CampaignConfig } from '../campaign/config/campaign-config.ts';
import { ITEM_FATES, type ItemFate } from './pool-figures.ts';
import type { ReportFacts } from './report-facts.ts';

/** What happened to every item, by position. */
export interface ItemFates {
  /** Index into ITEM_FATES. */
  readonly fate: Uint8Array;
  /** The last round that picked it; 0 if none did. */
  readonly round: Int32Array;
  /** The judge's last score of a seed model's answer; NaN if there is none. */
  readonly score: Float64Array;
}

const NUMBER_OF = Object.fromEntries(ITEM_FATES.map((fate, number) => [fate, number])) as Record<ItemFate, number>;
const FATE_OF_STATE = {
  labeled: 'labeled',
  rejected: 'rejected',
  skipped: 'skipped',
  awaited: 'selected',
} as const satisfies Record<string, ItemFate>;

/** Whether an item failed is decided by the last model that answered it, with the threshold of its round. */
export function itemFates(facts: ReportFacts, { rounds }: Pick<CampaignConfig, 'rounds'>): ItemFates {
  const { instructions, status, evaluations, picks } = facts;
  const fate = new Uint8Array(instructions.length).fill(NUMBER_OF.remaining);
  const round = new Int32Array(instructions.length);
  const score = new Float64Array(instructions.length).fill(Number.NaN);
  const evaluated = new Set([...evaluations.values()].flatMap((all) => all.map(({ itemId }) => itemId)));
  const positions = new Map<string, number>();
  for (const [position, { id }] of instructions.entries()) if (evaluated.has(id)) positions.set(id, position);
  for (const { number, outcome } of status.rounds) {
    const threshold = outcome?.threshold ?? rounds.necessity.threshold;
    for (const evaluation of evaluations.get(number) ?? []) {
      const position = evaluation.subset === 'test' ? undefined : positions.get(evaluation.itemId);
      if (position === undefined || evaluation.score === null) continue;
      score[position] = evaluation.score;
      const failed = evaluation.subset === 'pool' && evaluation.score < threshold;
      fate[position] = failed ? NUMBER_OF.failed : NUMBER_OF.remaining;
    }
  }
  for (const { position, round: number, state } of picks) {
    round[position] = number;
    // A withdrawn pick counts as if it had never been picked.
    if (state !== 'withdrawn') fate[position] = NUMBER_OF[FATE_OF_STATE[state]];
  }
  return { fate, round, score };
}
