import type { HandedOut } from '../domain/round.ts';
import { WinnowError } from '../domain/winnow-error.ts';
import type { NewAnnotation } from '../store/label-store.ts';
import type { LeadAction } from '../store/lead-store.ts';
import type { CampaignContext } from './campaign-context.ts';
import { labelExpenseKey, leadActionExpenseKey, leadActionSubject } from './expense-names.ts';
import { annotationKey, countedLabels } from './import-labels.ts';
import { termsByRound, worstCaseWork } from './label-price.ts';
import { currentLabels, type ItemLabel, labelsByPosition, peopleDone } from './label-views.ts';
import { peopleWanted } from './labeling-state.ts';
import { type LeadDecisions, leadDecisions } from './lead-decisions.ts';

type Context = Pick<CampaignContext, 'state' | 'config' | 'labelPrice' | 'clock'>;

/** What a lead makes the result of an item: a label that is there, or a text of their own, which costs nothing. */
export type Decision =
  | { readonly label: number }
  | { readonly verdict: 'accepted' | 'rejected'; readonly response: string | null };

interface About {
  readonly position: number;
  /** The lead's name. */
  readonly by: string;
  readonly comment?: string | null;
}

/**
 * Makes a label the result of an item, until the decision is undone. The item needs no more people, and money that was
 * set aside for them is free again.
 * @throws WinnowError NO_SUCH_LABEL for a label of another item; BudgetExceededError where one more label does not fit under the cap
 */
export function decideLabel(context: Context, { position, by, comment = null }: About, decision: Decision): void {
  const { state } = context;
  state.transaction(() => {
    const before = itemNow(context, position);
    const label = 'label' in decision ? decision.label : writeLabel(context, { position, by, comment }, decision);
    if (!state.labels.annotationsOf(position).some(({ id }) => id === label)) {
      throw noSuchLabel(`Item ${state.items.idOf(position)} has no label ${label}.`);
    }
    const details = { label, isWritten: !('label' in decision) };
    const action = state.lead.add({ kind: 'decide', by, position, comment, details });
    release(context, before.decisions.reopened.get(position));
    settle(context, action, before.item);
  });
}

/** The item's result follows from its labels again. It asks for more people where it has too few. @throws BudgetExceededError */
export function undoDecision(context: Context, { position, by }: About): void {
  context.state.transaction(() => {
    context.state.lead.add({ kind: 'undecide', by, position });
    const { done, wanted } = itemNow(context, position);
    if (done < wanted) askForMore(context, { position, by, people: wanted });
  });
}

/** Asks a person to look at their label again. @throws WinnowError NO_SUCH_LABEL where they have none */
export function sendBack(context: Context, { position, by, comment = null }: About, annotator: string): void {
  context.state.transaction(() => {
    const { label } = itemNow(context, position);
    if (label === undefined || !label.byPerson.some((one) => one.annotator === annotator)) {
      throw noSuchLabel(`${annotator} has no label of this item.`);
    }
    if (label.isDecided) undoDecision(context, { position, by });
    context.state.lead.add({ kind: 'send-back', by, position, annotator, comment });
  });
}

/** No longer asks a person to look at their label again. */
export function takeBack({ state }: Context, { position, by }: About, annotator: string): void {
  state.lead.add({ kind: 'take-back', by, position, annotator });
}

/** Asks one more person to answer an item, also after its round. @throws BudgetExceededError where there is no money for it */
export function reopen(context: Context, { position, by, comment = null }: About, drop?: number): void {
  context.state.transaction(() => {
    const { done } = itemNow(context, position);
    askForMore(context, { position, by, comment, people: done + 1, drop });
  });
}

/** Takes the request for more people back. */
export function close(context: Context, { position, by }: About): void {
  context.state.transaction(() => {
    const { decisions } = itemNow(context, position);
    context.state.lead.add({ kind: 'close', by, position });
    release(context, decisions.reopened.get(position));
  });
}

/** @param to who may be given the item; empty for everyone */
export function assignItem({ state }: Context, { position, by }: About, to: readonly string[]): void {
  state.lead.add({ kind: 'assign', by, position, details: { to: [...to] } });
}

/**
 * Leaves out all labels of a person so far, as if they had not answered. What was paid stays spent.
 * @param options.askAgain asks another person for each item that loses a label
 * @returns how many items lose a label
 * @throws BudgetExceededError where there is no money to ask again
 */
export function dropWork(
  context: Context,
  { annotator, by, askAgain }: { readonly annotator: string; readonly by: string; readonly askAgain: boolean },
): number {
  const { state, config } = context;
  return state.transaction(() => {
    const labels = [...currentLabels(state, config.labels.winner).values()].filter(({ byPerson }) =>
      byPerson.some((label) => label.annotator === annotator),
    );
    const action = state.lead.add({ kind: 'drop', by, annotator });
    const after = currentLabels(state, config.labels.winner);
    for (const { position } of labels) {
      if (askAgain && after.get(position)?.isDecided !== true) reopen(context, { position, by }, action.id);
    }
    return labels.length;
  });
}

/** The labels of a person count again, and what was asked for in their place is not asked for any more. */
export function restoreWork(
  context: Context,
  { annotator, by }: { readonly annotator: string; readonly by: string },
): void {
  const { state } = context;
  state.transaction(() => {
    const { dropped, reopened } = leadDecisions(state.lead.actions());
    const drop = dropped.get(annotator);
    if (drop === undefined) return;
    state.lead.add({ kind: 'restore', by, annotator });
    for (const [position, { details }] of reopened) if (details.drop === drop.id) close(context, { position, by });
  });
}

function noSuchLabel(message: string): WinnowError {
  return new WinnowError('NO_SUCH_LABEL', message);
}

interface ItemNow {
  readonly item: HandedOut;
  readonly label: ItemLabel | undefined;
  readonly decisions: LeadDecisions;
  /** How many people have answered it, and how many should. */
  readonly done: number;
  readonly wanted: number;
}

function itemNow({ state, config, labelPrice }: Context, position: number): ItemNow {
  const item = state.rounds.handedOut().findLast((one) => one.position === position);
  if (item === undefined) throw new WinnowError('NO_SUCH_ITEM', `Item ${position} was not handed out.`);
  const annotations = state.labels.annotationsOf(position);
  const decisions = leadDecisions(state.lead.actions());
  const terms = termsByRound(state.rounds.plans(), labelPrice)(item.round);
  return {
    item,
    label: labelsByPosition(annotations, config.labels.winner, decisions).get(position),
    decisions,
    done: peopleDone(annotations, decisions).get(position)?.size ?? 0,
    wanted: peopleWanted(item, terms, decisions),
  };
}

/** @returns the id of the new label */
function writeLabel(
  { state, clock }: Context,
  { position, by, comment = null }: About,
  { verdict, response }: Exclude<Decision, { label: number }>,
): number {
  const said = {
    verdict,
    response: verdict === 'accepted' ? (response?.toWellFormed() ?? '') : null,
    annotator: by,
    seconds: null,
    sourceId: null,
    ...(comment === null ? {} : { comment }),
  };
  const latest = state.labels.annotationsOf(position).reduce((last, one) => Math.max(last, one.submittedAtMs ?? 0), 0);
  const annotation = { itemId: state.items.idOf(position), ...said, submittedAtMs: Math.max(clock.now(), latest + 1) };
  const { itemId: _, ...rest } = annotation;
  const added: NewAnnotation = { ...rest, position, key: annotationKey(annotation, position), costMicroUsd: 0 };
  state.labels.saveImport({ source: 'winnow annotate', tool: 'winnow', summary: { by } }, [added], () => undefined);
  return state.labels.annotationsOf(position).at(-1)!.id;
}

/** Settles what the item's label was reserved at, or counts one more label where none was counted. */
function settle(context: Context, action: LeadAction, { round, position }: HandedOut): void {
  const { state } = context;
  const { expenses } = state.ledger;
  const isLabeled = itemNow(context, position).label?.state === 'labeled' ? 1 : 0;
  const key = labelExpenseKey(round, state.items.idOf(position));
  if (expenses.isOpen(key)) {
    expenses.settle(key, { costMicroUsd: state.labels.costOf(position), labels: isLabeled });
    return;
  }
  if (isLabeled - countedLabels(state, position, round) <= 0) return;
  expenses.reserve([expenseOf(context, action, { worstCaseMicroUsd: 0, labels: 1 })]);
  expenses.settle(leadActionExpenseKey(action.id), { costMicroUsd: 0, labels: 1 });
}

/** Sets money aside for the people that an item needs beyond those who have answered it. */
function askForMore(
  context: Context,
  { people, drop, ...about }: About & { readonly people: number; readonly drop?: number | undefined },
): void {
  const { state, labelPrice } = context;
  const { item, decisions, done } = itemNow(context, about.position);
  const { position } = about;
  release(context, decisions.reopened.get(position));
  const details = { people, ...(drop === undefined ? {} : { drop }) };
  const action = state.lead.add({ kind: 'reopen', ...about, details });
  // Money that the round set aside for its people is still there.
  if (state.ledger.expenses.isOpen(labelExpenseKey(item.round, state.items.idOf(position)))) return;
  const work = worstCaseWork(termsByRound(state.rounds.plans(), labelPrice)(item.round));
  const labels = countedLabels(state, position, item.round) > 0 ? 0 : 1;
  state.ledger.expenses.reserve([
    expenseOf(context, action, { worstCaseMicroUsd: work * Math.max(0, people - done), labels }),
  ]);
}

function expenseOf(
  { state }: Context,
  { id, position }: LeadAction,
  costs: { readonly worstCaseMicroUsd: number; readonly labels: number },
) {
  const subject = leadActionSubject(state.items.idOf(position!));
  return { account: 'labels' as const, key: leadActionExpenseKey(id), subject, ...costs };
}

/** Frees what was set aside for people who are not asked any more. */
function release({ state }: Context, reopened: LeadAction | undefined): void {
  const key = reopened === undefined ? undefined : leadActionExpenseKey(reopened.id);
  if (key !== undefined && state.ledger.expenses.isOpen(key)) state.ledger.expenses.release(key);
}
