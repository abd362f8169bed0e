import type { Hold } from '../../store/desk-store.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import type { DeskEntry, DeskIndex } from './desk-index.ts';
import type { ItemState } from './desk-views.ts';

/** What decides who may answer an item. */
export interface Availability {
  /** How many people should answer it. */
  readonly peopleWanted: number;
  /** Who has submitted a label for it, each person once; null where the tool gave no name. */
  readonly answeredBy: readonly (string | null)[];
  /** Who is working on it now. */
  readonly heldBy: readonly string[];
  /** Who it is assigned to; empty for everyone. */
  readonly assignedTo?: readonly string[];
}

/** The other people who are working on an item and have not submitted a label for it yet. */
export function othersWorkingOn({ answeredBy, heldBy }: Availability, annotator: string | null): string[] {
  return heldBy.filter((holder) => holder !== annotator && !answeredBy.includes(holder));
}

/**
 * Whether a person may answer an item: they have answered it before, or there is room for one more beside those who
 * answered it and those who are working on it. So an item never has more people than it needs. Of an assigned item, the
 * others answer what its people are too few for.
 */
export function isAvailableTo(availability: Availability, annotator: string | null): boolean {
  const { answeredBy, peopleWanted } = availability;
  if (annotator !== null && answeredBy.includes(annotator)) return true;
  if (isForOthers(availability, annotator)) return false;
  return answeredBy.length + othersWorkingOn(availability, annotator).length < peopleWanted;
}

/** Whether an item is assigned to others, who are enough or will be with those who have it now. */
export function isForOthers(availability: Availability, annotator: string | null): boolean {
  const { answeredBy, peopleWanted, assignedTo = [] } = availability;
  if (assignedTo.length === 0 || assignedTo.includes(annotator ?? '')) return false;
  const others = [...answeredBy, ...othersWorkingOn(availability, annotator)];
  return others.filter((one) => !assignedTo.includes(one ?? '')).length >= peopleWanted - assignedTo.length;
}

const NO_HOLDERS: readonly string[] = [];
const STATE_OF_VERDICT = { accepted: 'answered', rejected: 'rejected', skipped: 'skipped' } as const;

/** The state of every item for one person, at one moment. */
export class AnnotatorView {
  readonly annotator: string | null;
  readonly #index: DeskIndex;
  readonly #drafts: ReadonlySet<number>;
  readonly #holders = new Map<number, string[]>();
  /** Positions of the items that they see. */
  readonly #shown: ReadonlySet<number>;

  /**
   * @param annotator null for a person who has done nothing yet
   * @param drafts positions of the items for which they have an unsubmitted draft
   * @param holds of all people, only those that have not expired
   */
  constructor(index: DeskIndex, annotator: string | null, drafts: Iterable<number>, holds: readonly Hold[]) {
    this.#index = index;
    this.annotator = annotator;
    this.#drafts = new Set(drafts);
    this.#shown = new Set(
      holds.filter((hold) => hold.annotator === annotator && !hold.ahead).map(({ position }) => position),
    );
    for (const hold of holds) {
      const holders = this.#holders.get(hold.position) ?? [];
      holders.push(hold.annotator);
      this.#holders.set(hold.position, holders);
    }
  }

  /** The latest label they submitted for an item. */
  ownLabel(entry: DeskEntry): StoredAnnotation | undefined {
    if (this.annotator === null) return undefined;
    return this.#index.latestLabels(entry).find(({ annotator }) => annotator === this.annotator);
  }

  hasDraft({ position }: DeskEntry): boolean {
    return this.#drafts.has(position);
  }

  isAvailable(entry: DeskEntry): boolean {
    return isAvailableTo(this.#availability(entry), this.annotator);
  }

  /**
   * Whether they should answer it: a lead sent it back to them, or it needs labels, it is available to them, and they have
   * not labeled it yet.
   */
  isOpen(entry: DeskEntry): boolean {
    if (this.isReturned(entry)) return true;
    const isTheirs = this.annotator !== null && this.#index.answeredBy(entry).includes(this.annotator);
    return this.#index.needsLabels(entry) && !isTheirs && this.isAvailable(entry);
  }

  /** Whether a lead asked them to look at their label again. */
  isReturned(entry: DeskEntry): boolean {
    return this.annotator !== null && this.#index.requestTo(entry, this.annotator) !== undefined;
  }

  /** Whether they have started on it: they have a draft, or have seen it a short time ago. */
  isStarted(entry: DeskEntry): boolean {
    return this.hasDraft(entry) || this.#shown.has(entry.position);
  }

  stateOf(entry: DeskEntry): ItemState {
    const label = this.ownLabel(entry);
    if (this.isReturned(entry)) return 'returned';
    if (label !== undefined) return STATE_OF_VERDICT[label.verdict];
    if (this.isAvailable(entry)) {
      if (this.hasDraft(entry)) return 'draft';
      return this.#index.needsLabels(entry) ? 'open' : 'complete';
    }
    if (!this.#index.needsLabels(entry)) return 'complete';
    return isForOthers(this.#availability(entry), this.annotator) ? 'assigned' : 'taken';
  }

  /** The other person who is working on a taken item, or those it is assigned to; null for any other item. */
  heldBy(entry: DeskEntry): string | null {
    const state = this.stateOf(entry);
    if (state === 'assigned') return entry.assignedTo.join(', ');
    return state === 'taken' ? othersWorkingOn(this.#availability(entry), this.annotator)[0]! : null;
  }

  #holdersOf({ position }: DeskEntry): readonly string[] {
    return this.#holders.get(position) ?? NO_HOLDERS;
  }

  #availability(entry: DeskEntry): Availability {
    return {
      peopleWanted: entry.peopleWanted,
      answeredBy: this.#index.answeredBy(entry),
      heldBy: this.#holdersOf(entry),
      assignedTo: entry.assignedTo,
    };
  }
}

/**
 * The item of a round to give a person next. After an item: the next open one by rank, starting over at the first. Otherwise: the
 * first open item that they have started, or else the first open one.
 * @param entries of a round, in order of rank
 * @param after position of the item they come from
 */
export function nextItem(
  entries: readonly DeskEntry[],
  {
    after,
    isOpen,
    isStarted,
  }: {
    readonly after?: number | undefined;
    readonly isOpen: (entry: DeskEntry) => boolean;
    readonly isStarted: (entry: DeskEntry) => boolean;
  },
): DeskEntry | undefined {
  const from = after === undefined ? -1 : entries.findIndex(({ position }) => position === after);
  if (from < 0) return entries.find((entry) => isStarted(entry) && isOpen(entry)) ?? entries.find(isOpen);
  return entries.slice(from + 1).find(isOpen) ?? entries.slice(0, from + 1).find(isOpen);
}

/**
 * The item to give a person next: what a lead sent back to them first, then the last round (`nextItem`), then what is open
 * again of earlier rounds.
 * @param options.after position of the item they come from
 * @param options.isOther whether it must be another item than that one, and one that they have not started
 */
export function itemToGive(
  index: DeskIndex,
  view: AnnotatorView,
  { after, isOther = false }: { readonly after?: number | undefined; readonly isOther?: boolean },
): DeskEntry | undefined {
  const isOpen = (entry: DeskEntry) => view.isOpen(entry) && !(isOther && entry.position === after);
  return (
    index.returnedTo(view.annotator).find(({ position }) => position !== after) ??
    nextItem(index.round(index.lastRound).entries, {
      after,
      isOpen,
      isStarted: (entry) => !isOther && view.isStarted(entry),
    }) ??
    index.reopened().find((entry) => entry.position !== after && isOpen(entry))
  );
}
