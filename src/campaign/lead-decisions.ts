import type { StoredAnnotation } from '../store/label-store.ts';
import type { LeadAction } from '../store/lead-store.ts';

/** What the actions of leads come to. */
export interface LeadDecisions {
  /** By position: the action that decided which label is the item's result. */
  readonly decided: ReadonlyMap<number, LeadAction>;
  /** Ids of the labels that a lead wrote. They stand for no person's work: they are not paid or compared. */
  readonly written: ReadonlySet<number>;
  /** By person: the action that left out their labels. */
  readonly dropped: ReadonlyMap<string, LeadAction>;
  /** By position and person: the action that sent their label back, answered or not. */
  readonly sentBack: ReadonlyMap<number, ReadonlyMap<string, LeadAction>>;
  /** By position: the action that asked for more people. */
  readonly reopened: ReadonlyMap<number, LeadAction>;
  /** By position: who may be given the item; empty for everyone. */
  readonly assigned: ReadonlyMap<number, readonly string[]>;
}

export const NO_DECISIONS: LeadDecisions = leadDecisions([]);

/** @param actions in the order they were made. O(actions) */
export function leadDecisions(actions: readonly LeadAction[]): LeadDecisions {
  const decided = new Map<number, LeadAction>();
  const written = new Set<number>();
  const dropped = new Map<string, LeadAction>();
  const sentBack = new Map<number, Map<string, LeadAction>>();
  const reopened = new Map<number, LeadAction>();
  const assigned = new Map<number, readonly string[]>();
  for (const action of actions) {
    const { kind, details } = action;
    const position = action.position ?? -1;
    const annotator = action.annotator ?? '';
    switch (kind) {
      case 'decide':
        decided.set(position, action);
        if (details.isWritten === true) written.add(details.label!);
        sentBack.delete(position);
        reopened.delete(position);
        break;
      case 'undecide':
        decided.delete(position);
        break;
      case 'send-back':
        sentBack.set(position, (sentBack.get(position) ?? new Map()).set(annotator, action));
        break;
      case 'take-back':
        sentBack.get(position)?.delete(annotator);
        break;
      case 'reopen':
        decided.delete(position);
        reopened.set(position, action);
        break;
      case 'close':
        reopened.delete(position);
        break;
      case 'assign':
        assigned.set(position, details.to ?? []);
        break;
      case 'drop':
        dropped.set(annotator, action);
        for (const requests of sentBack.values()) requests.delete(annotator);
        break;
      case 'restore':
        dropped.delete(annotator);
        break;
    }
  }
  return { decided, written, dropped, sentBack, reopened, assigned };
}

/** Whether a lead left out a label with the other work of its person. */
export function isDropped({ id, annotator }: StoredAnnotation, { dropped }: LeadDecisions): boolean {
  const action = annotator === null ? undefined : dropped.get(annotator);
  return action !== undefined && id <= action.afterAnnotation;
}

/** The requests to look at a label of an item again that are not answered. @param latest of each person */
export function openRequests(
  position: number,
  latest: readonly StoredAnnotation[],
  { sentBack }: LeadDecisions,
): LeadAction[] {
  return [...(sentBack.get(position)?.values() ?? [])].filter(
    ({ annotator, afterAnnotation }) =>
      !latest.some((label) => label.annotator === annotator && label.id > afterAnnotation),
  );
}
