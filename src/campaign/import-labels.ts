import { createHash } from 'node:crypto';
import type { PlannedExpense } from '../domain/expense.ts';
import type { Annotation } from '../domain/label.ts';
import type { Agreement } from '../domain/label-quality.ts';
import type { MicroUsd } from '../domain/money.ts';
import { sameAnswers } from '../domain/questions.ts';
import type { HandedOut } from '../domain/round.ts';
import type { DecodedLabels, ForeignRecord } from '../labels/label-file.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import type { NewAnnotation, StoredAnnotation } from '../store/label-store.ts';
import { agreementOf } from './agreement.ts';
import type { CampaignContext } from './campaign-context.ts';
import { extraWorkExpenseKey, extraWorkSubject, labelExpenseKey, leadActionExpenseKey } from './expense-names.ts';
import { withCheckedAnswers } from './imported-answers.ts';
import { labelCostMicroUsd, termsByRound } from './label-price.ts';
import { type ItemLabel, labelsByPosition, peopleDone, personOf } from './label-views.ts';
import { labelingState, peopleWanted } from './labeling-state.ts';
import { type LeadDecisions, leadDecisions } from './lead-decisions.ts';
import { type MatchedLabel, matchLabels, type OtherText } from './match-labels.ts';

/** What an import brought. */
export interface ImportSummary {
  readonly source: string;
  readonly tool: string;
  /** Annotations in it, drafts among them. */
  readonly read: number;
  /** Imported: answers, rejections, skips. */
  readonly accepted: number;
  readonly rejected: number;
  readonly skipped: number;
  /** Of those, how many changed an earlier answer of the same person. */
  readonly edited: number;
  /** Known already, word for word. */
  readonly unchanged: number;
  /** Started but not submitted: not imported. */
  readonly drafts: number;
  /** Assigned, but not answered yet. */
  readonly untouched: number;
  /** Ids that are in no pool file, and ids that were never assigned: not imported. */
  readonly unknownIds: readonly string[];
  readonly unselectedIds: readonly string[];
  /** Labels beside another text than the one that was assigned under their id: not imported. */
  readonly otherTexts: readonly OtherText[];
  /** Records that are no labels of ours, or none that can be used. */
  readonly foreign: readonly ForeignRecord[];
  /** What of imported labels could not be read: a time, a name. */
  readonly warnings: readonly ForeignRecord[];
  /** How the file was read, where that is not as usual. */
  readonly notes: readonly string[];
  /** How often several annotators agree, over the whole campaign; null if no item has two answers. */
  readonly agreement: Agreement | null;
  readonly costMicroUsd: MicroUsd;
  /** Counted at the most minutes that are paid, because the tool does not tell the time. */
  readonly withoutTime: number;
  /** Of the current round, after. */
  readonly awaited: number;
}

/** How many records and labels of a file or server were not imported although they may hold an answer. */
export function refusedCount({ foreign, otherTexts, unknownIds, unselectedIds }: ImportSummary): number {
  return foreign.length + otherTexts.length + unknownIds.length + unselectedIds.length;
}

interface ImportedFrom {
  readonly source: string;
  readonly tool: string;
  /** The current one. */
  readonly round: number;
  /** Takes labels by their id alone, also beside another text. */
  readonly trustIds?: boolean | undefined;
}

interface Matched extends MatchedLabel {
  readonly key: string;
}

/** The counts of an import that depend only on its items. */
export type TakenLabels = Omit<ImportSummary, 'agreement' | 'awaited'>;

/**
 * Takes labels in, all in one transaction with what they cost: the same labels a second time change nothing. What
 * cannot be used is in the summary.
 */
export function importLabels(
  context: CampaignContext,
  decoded: DecodedLabels,
  { round, ...from }: ImportedFrom,
): ImportSummary {
  const { state, config } = context;
  return state.transaction(() => {
    const taken = takeLabels(context, withCheckedAnswers(context, decoded), from);
    const labeling = labelingState(state, config.labels);
    const agreement = agreementOf(labeling.labels.values()) ?? null;
    return { ...taken, agreement, awaited: labeling.awaited(round).length };
  });
}

/** As `importLabels`, in time that does not depend on the labels of other items. */
export function takeLabels(
  context: CampaignContext,
  decoded: DecodedLabels,
  from: Omit<ImportedFrom, 'round'>,
): TakenLabels {
  return context.state.transaction(() => takeIn(context, decoded, from));
}

function takeIn(
  context: CampaignContext,
  decoded: DecodedLabels,
  { source, tool, trustIds = false }: Omit<ImportedFrom, 'round'>,
): TakenLabels {
  const { state, config, labelPrice } = context;
  const terms = termsByRound(state.rounds.plans(), labelPrice);
  const handedOut = new Map(state.rounds.handedOut().map((item) => [item.position, item]));
  const isAssigned = (position: number) => handedOut.has(position);
  const found = matchLabels(state.items, decoded.annotations, { isAssigned, trustIds });
  const { matched, drafts, unknownIds, unselectedIds, otherTexts, refused } = found;
  const unseen = uniqueKeys(matched.map(keyed)).filter(({ key }) => !state.labels.has(key));
  const known = [...new Set(unseen.map(({ position }) => position))].flatMap((one) => state.labels.annotationsOf(one));
  const isNew = withKnownAuthors(unseen, known);
  const paid = new Map<string, MicroUsd>();
  for (const annotation of known) {
    const voice = `${annotation.position} ${personOf(annotation)}`;
    paid.set(voice, (paid.get(voice) ?? 0) + annotation.costMicroUsd);
  }
  let edited = 0;
  let withoutTime = 0;
  const added = isNew.map(({ annotation: { itemId: _, ...annotation }, position, key }): NewAnnotation => {
    const voice = `${position} ${personOf(annotation)}`;
    const paidBefore = paid.get(voice);
    if (paidBefore !== undefined) edited += 1;
    // A person's work on an item is paid once, even if they change it: at the highest price of their answers.
    const agreed = terms(handedOut.get(position)!.round);
    const costMicroUsd = Math.max(0, labelCostMicroUsd(agreed, annotation) - (paidBefore ?? 0));
    paid.set(voice, (paidBefore ?? 0) + costMicroUsd);
    if (costMicroUsd > 0 && agreed.perMinuteUsd !== undefined && annotation.seconds === null) withoutTime += 1;
    return { ...annotation, verdict: annotation.verdict as NewAnnotation['verdict'], position, key, costMicroUsd };
  });

  const decisions = leadDecisions(state.lead.actions());
  const annotations = [...known, ...numbered(added, state.desk.marks().annotations)];
  const after = labelsByPosition(annotations, config.labels.winner, decisions);
  const done = peopleDone(annotations, decisions);
  const count = (verdict: string) => added.filter((annotation) => annotation.verdict === verdict).length;
  const summary: TakenLabels = {
    source,
    tool,
    read: decoded.annotations.length,
    accepted: count('accepted'),
    rejected: count('rejected'),
    skipped: count('skipped'),
    edited,
    unchanged: matched.length - isNew.length,
    drafts,
    untouched: decoded.untouched.length,
    unknownIds,
    unselectedIds,
    otherTexts,
    foreign: [...decoded.foreign, ...refused],
    warnings: decoded.warnings ?? [],
    notes: decoded.notes ?? [],
    costMicroUsd: added.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0),
    withoutTime,
  };
  if (added.length > 0) {
    state.labels.saveImport({ source, tool, summary: JSON.parse(JSON.stringify(summary)) }, added, () =>
      settleLabels(context, { added, after, done, handedOut, terms, decisions }),
    );
  }
  return summary;
}

function keyed(label: MatchedLabel): Matched {
  return { ...label, key: annotationKey(label.annotation, label.position) };
}

/**
 * One annotation may name its author by address in one export and by number in another. What has the same id in its tool
 * and says the same is known already; what says something else is by the same author.
 */
function withKnownAuthors(unseen: readonly Matched[], known: readonly StoredAnnotation[]): Matched[] {
  const bySource = new Map<string, Omit<Annotation, 'itemId'>>();
  const sourceOf = (position: number, sourceId: string | null) =>
    sourceId === null ? undefined : JSON.stringify([position, sourceId]);
  for (const annotation of known) {
    const source = sourceOf(annotation.position, annotation.sourceId);
    if (source !== undefined) bySource.set(source, annotation);
  }
  const added: Matched[] = [];
  for (const { annotation: given, position, key } of unseen) {
    const source = sourceOf(position, given.sourceId);
    const before = source === undefined ? undefined : bySource.get(source);
    const isOfOne = before !== undefined && mayBeOnePerson(before.annotator, given.annotator);
    const isSame =
      before?.verdict === given.verdict &&
      before.response === (given.response?.toWellFormed() ?? null) &&
      sameAnswers(before.answers ?? {}, given.answers ?? {});
    if (isOfOne && isSame) continue;
    const annotation = isOfOne ? { ...given, annotator: before.annotator } : given;
    if (source !== undefined) bySource.set(source, annotation);
    added.push({ annotation, position, key });
  }
  return added;
}

/** Two names in one form are two people; an address and a number, or a name and none, may be one. */
function mayBeOnePerson(one: string | null, other: string | null): boolean {
  if (one === null || other === null || one === other) return true;
  return one.includes('@') !== other.includes('@') && (/^\d+$/.test(one) || /^\d+$/.test(other));
}

/** Everything that makes it another annotation; time spent is not, since tools go on counting. */
export function annotationKey(annotation: Annotation, position: number): string {
  const { verdict, response, annotator, submittedAtMs, sourceId, comment, answers } = annotation;
  const content = [position, verdict, response?.toWellFormed(), annotator, submittedAtMs, sourceId];
  if (comment !== undefined || answers !== undefined) content.push(comment?.toWellFormed() ?? null);
  if (answers !== undefined) content.push(JSON.stringify(answers));
  const identity = JSON.stringify(content);
  return createHash('sha256').update(identity).digest('hex');
}

function uniqueKeys(matched: readonly Matched[]): Matched[] {
  return [...new Map(matched.map((one) => [one.key, one] as const).reverse()).values()].reverse();
}

function numbered(added: readonly NewAnnotation[], from: number): StoredAnnotation[] {
  return added.map((annotation, index) => ({ ...annotation, id: from + index + 1 }));
}

/**
 * Settles finished items at the cost of all their work. Unplanned work (by another person, or after the round
 * continued without it) is recorded too, because people must be paid.
 */
function settleLabels(
  { state }: CampaignContext,
  {
    added,
    after,
    done,
    handedOut,
    terms,
    decisions,
  }: {
    readonly added: readonly NewAnnotation[];
    readonly after: ReadonlyMap<number, ItemLabel>;
    readonly done: ReturnType<typeof peopleDone>;
    readonly handedOut: ReadonlyMap<number, HandedOut>;
    readonly terms: ReturnType<typeof termsByRound>;
    readonly decisions: LeadDecisions;
  },
): void {
  const addedTo = new Map<number, NewAnnotation[]>();
  for (const annotation of added) {
    const others = addedTo.get(annotation.position) ?? [];
    others.push(annotation);
    addedTo.set(annotation.position, others);
  }
  const { expenses } = state.ledger;
  for (const [position, extra] of addedTo) {
    const item = handedOut.get(position)!;
    const { round } = item;
    const isDone = (done.get(position)?.size ?? 0) >= peopleWanted(item, terms(round), decisions);
    const id = state.items.idOf(position);
    const key = labelExpenseKey(round, id);
    const label = after.get(position)!;
    const isLabeled = label.state === 'labeled' ? 1 : 0;
    if (expenses.isOpen(key)) {
      if (!isDone) continue;
      const costMicroUsd = state.labels.costOf(position);
      expenses.settle(key, { costMicroUsd, labels: isLabeled });
      continue;
    }
    const cost = extra.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
    const newlyLabeled = Math.max(0, isLabeled - countedLabels(state, position, round));
    const reopened = decisions.reopened.get(position);
    const reservation = reopened === undefined ? undefined : leadActionExpenseKey(reopened.id);
    if (reservation !== undefined && isDone && expenses.isOpen(reservation)) {
      expenses.settle(reservation, { costMicroUsd: cost, labels: newlyLabeled });
      continue;
    }
    if (cost === 0 && newlyLabeled === 0) continue;
    const late: PlannedExpense = {
      account: 'labels',
      key: extraWorkExpenseKey(extra[0]!.key),
      subject: extraWorkSubject(id),
      worstCaseMicroUsd: cost,
      labels: newlyLabeled,
    };
    expenses.record(late);
  }
}

/** How many labels of an item are counted under the cap on labels: one at most, of any expense. */
export function countedLabels({ labels, items, ledger, lead }: CampaignState, position: number, round: number): number {
  return ledger.expenses.settledLabels([
    labelExpenseKey(round, items.idOf(position)),
    ...labels.keysOf(position).map(extraWorkExpenseKey),
    ...lead.actionsOf(position).map(({ id }) => leadActionExpenseKey(id)),
  ]);
}
