import type { CampaignRoom } from '../domain/expense.ts';
import type { Verdict } from '../domain/label.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { LabelTerms, PlannedOverlap, RoundPlan } from '../domain/round.ts';

const TERMS = ['annotators', 'overlap', 'perLabelUsd', 'perMinuteUsd', 'mostMinutes'] as const;

/** The terms among the settings of labels. */
export function labelTerms(settings: LabelTerms): LabelTerms {
  const { perLabelUsd, perMinuteUsd, mostMinutes, annotators, overlap } = settings;
  return {
    ...(perLabelUsd === undefined ? {} : { perLabelUsd }),
    ...(perMinuteUsd === undefined ? {} : { perMinuteUsd }),
    ...{ mostMinutes, annotators, overlap },
  };
}

/** The terms of each round: those it was planned with. */
export function termsByRound(plans: readonly RoundPlan[], now: LabelTerms): (round: number) => LabelTerms {
  const terms = plans.map((plan) => plan.labelTerms ?? termsWithin(plan, now));
  return (round) => terms[round - 1] ?? now;
}

/**
 * The terms of a round of version 0.1, which kept what it set aside but not for how many people: those of now where they
 * cost no more. Otherwise as many people answer as there is money for at the price of now, or the price is what was set
 * aside for each, whichever leaves nothing over.
 */
function termsWithin({ worstCaseLabelMicroUsd: room, overlap }: LabelCosts, given: LabelTerms): LabelTerms {
  const now = { ...given, overlap: overlap?.share ?? 0 };
  const work = worstCaseWork(now);
  if (work * now.annotators <= room && work <= (overlap?.worstCaseMicroUsd ?? room)) return now;
  const each =
    overlap?.worstCaseMicroUsd ?? (room >= work && room % work === 0 ? work : Math.floor(room / now.annotators));
  const annotators = each === 0 ? now.annotators : Math.floor(room / each);
  return { ...now, ...(work > each ? payingAtMost(now, each) : {}), annotators };
}

function payingAtMost({ perMinuteUsd, mostMinutes }: LabelTerms, microUsd: MicroUsd): Partial<LabelTerms> {
  return perMinuteUsd === undefined ? { perLabelUsd: microUsd } : { perMinuteUsd: Math.floor(microUsd / mostMinutes) };
}

/** Says that settings of labels have changed and a round keeps its own; undefined where nothing has. */
export function changedTermsNote(plan: RoundPlan, now: LabelTerms): string | undefined {
  const { number, labelTerms: planned = termsWithin(plan, now) } = plan;
  const changed = TERMS.filter((name) => planned[name] !== now[name]);
  if (changed.length === 0) return undefined;
  const names = new Intl.ListFormat('en').format(changed.map((name) => `labels.${name}`));
  const have = changed.length === 1 ? 'has' : 'have';
  return `${names} ${have} changed since round ${number} was planned. Round ${number} keeps its terms; the change applies from round ${number + 1}.`;
}

/** How many people are to answer the item of a rank, from 1. Of n items ⌊n · overlap⌋ are for one more, evenly over the ranks. */
export function peopleFor({ annotators, overlap }: Pick<LabelTerms, 'annotators' | 'overlap'>, rank: number): number {
  return annotators + overlapping(rank, overlap) - overlapping(rank - 1, overlap);
}

/** Of the first n items of a round, how many one more person is to answer. */
function overlapping(items: number, share: number): number {
  // 0.29 · 100 is a little less than 29.
  return Math.floor(items * share + 1e-9);
}

/** The most one item can cost without overlap: all annotators answer and take the longest paid time. */
export function worstCaseLabelMicroUsd(price: LabelTerms): MicroUsd {
  return price.annotators * worstCaseWork(price);
}

/** The most that overlap adds to a round; undefined without overlap. */
export function plannedOverlap(price: LabelTerms): PlannedOverlap | undefined {
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
  price: LabelTerms,
  work: { readonly verdict: Verdict; readonly seconds: number | null },
): MicroUsd {
  const { perLabelUsd, perMinuteUsd, mostMinutes } = price;
  if (perMinuteUsd === undefined) return work.verdict === 'skipped' ? 0 : (perLabelUsd ?? 0);
  const seconds = Math.min(work.seconds ?? mostMinutes * 60, mostMinutes * 60);
  return Math.ceil((perMinuteUsd * seconds) / 60);
}

/** The most that one person's work on one item can cost. */
export function worstCaseWork({ perLabelUsd, perMinuteUsd, mostMinutes }: LabelTerms): MicroUsd {
  return perMinuteUsd === undefined ? (perLabelUsd ?? 0) : Math.ceil(perMinuteUsd * mostMinutes);
}
