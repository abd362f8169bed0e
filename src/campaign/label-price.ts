import type { CampaignRoom } from '../domain/expense.ts';
import type { Verdict } from '../domain/label.ts';
import type { MicroUsd } from '../domain/money.ts';

/** How annotators are paid. */
export interface LabelPrice {
  readonly perLabelUsd?: MicroUsd | undefined;
  readonly perMinuteUsd?: MicroUsd | undefined;
  /** Most minutes paid for one person's work on one item. */
  readonly mostMinutes: number;
  /** How many people are to answer each item. */
  readonly annotators: number;
}

/** The most one item can cost: everybody answers, and takes the longest time that is paid. */
export function worstCaseLabelMicroUsd(price: LabelPrice): MicroUsd {
  return price.annotators * worstCaseWork(price);
}

/** How many labels there is room for, under the cap on their number and those on their money; Infinity without caps. */
export function affordableLabels({ labels, labelMicroUsd }: CampaignRoom, worstCase: MicroUsd): number {
  const payable =
    labelMicroUsd === undefined || worstCase === 0 ? Number.POSITIVE_INFINITY : Math.floor(labelMicroUsd / worstCase);
  return Math.min(labels ?? Number.POSITIVE_INFINITY, payable);
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
