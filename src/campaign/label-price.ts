import type { CampaignRoom } from '../domain/expense.ts';
import type { Verdict } from '../domain/label.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { PlannedOverlap, RoundPlan } from '../domain/round.ts';

/** How annotators are paid. */
export interface LabelPrice {
  readonly perLabelUsd?: MicroUsd | undefined;
  readonly perMinuteUsd?: MicroUsd | undefined;
  /** Most minutes paid for one person's work on one item. */
  readonly mostMinutes: number;
  /** How many people are to answer each item. */
  readonly annotators: number;
  /** Share of the items that one more person is to answer. */
  readonly overlap: number;
}

/** How many people are to answer the item of a rank, from 1. Of n items ⌊n · overlap⌋ are for one more, evenly over the ranks. */
export function peopleFor({ annotators, overlap }: Pick<LabelPrice, 'annotators' | 'overlap'>, rank: number): number {
  return annotators + overlapping(rank, overlap) - overlapping(rank - 1, overlap);
}

/** Of the first n items of a round, how many one more person is to answer. */
function overlapping(items: number, share: number): number {
  // 0.29 · 100 is a little less than 29.
  return Math.floor(items * share + 1e-9);
}

/** The most one item can cost without overlap: all annotators answer and take the longest paid time. */
export function worstCaseLabelMicroUsd(price: LabelPrice): MicroUsd {
  return price.annotators * worstCaseWork(price);
}

/** The most that overlap adds to a round; undefined without overlap. */
export function plannedOverlap(price: LabelPrice): PlannedOverlap | undefined {
  return price.overlap === 0 ? undefined : { share: price.overlap, worstCaseMicroUsd: worstCaseWork(price) };
}

type LabelCosts = Pick<RoundPlan, 'worstCaseLabelMicroUsd' | 'overlap'>;

/** The most the item of a rank, from 1, can cost in a round. */
export function worstCaseOfRank({ worstCaseLabelMicroUsd: price, overlap }: LabelCosts, rank: number): MicroUsd {
  if (overlap === undefined) return price;
  return price + (peopleFor({ annotators: 0, overlap: overlap.share }, rank) === 0 ? 0 : overlap.worstCaseMicroUsd);
}

/** How many labels there is room for, under the cap on their number and those on their money; Infinity without caps. */
export function affordableLabels({ labels, labelMicroUsd }: CampaignRoom, costs: LabelCosts): number {
  const payable = labelMicroUsd === undefined ? Number.POSITIVE_INFINITY : payableLabels(labelMicroUsd, costs);
  return Math.min(labels ?? Number.POSITIVE_INFINITY, payable);
}

/** The largest n such that the first n items cost no more than `room` at worst. */
function payableLabels(room: MicroUsd, { worstCaseLabelMicroUsd: price, overlap }: LabelCosts): number {
  const share = overlap?.share ?? 0;
  const extra = overlap?.worstCaseMicroUsd ?? 0;
  const mean = price + share * extra;
  if (mean === 0) return Number.POSITIVE_INFINITY;
  const cost = (count: number) => count * price + overlapping(count, share) * extra;
  // One more than on average may fit while its overlap is still to come. Rounding errors are corrected downwards.
  let count = Math.floor(room / mean) + 1;
  while (cost(count + 1) <= room) count += 1;
  while (cost(count) > room) count -= 1;
  return count;
}

/**
 * What one person's work on one item costs: by the piece an answer or a rejection, by the minute skips too. Time that
 * the tool does not tell counts as the most that is paid.
 */
export function labelCostMicroUsd(
  price: LabelPrice,
  work: { readonly verdict: Verdict; readonly seconds: number | null },
): MicroUsd {
  const { perLabelUsd, perMinuteUsd, mostMinutes } = price;
  if (perMinuteUsd === undefined) return work.verdict === 'skipped' ? 0 : (perLabelUsd ?? 0);
  const seconds = Math.min(work.seconds ?? mostMinutes * 60, mostMinutes * 60);
  return Math.ceil((perMinuteUsd * seconds) / 60);
}

function worstCaseWork({ perLabelUsd, perMinuteUsd, mostMinutes }: LabelPrice): MicroUsd {
  return perMinuteUsd === undefined ? (perLabelUsd ?? 0) : Math.ceil(perMinuteUsd * mostMinutes);
}
