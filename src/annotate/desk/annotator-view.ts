import type { Hold } from '../../store/desk-store.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import type { DeskEntry, DeskIndex } from './desk-index.ts';
import type { ItemState } from './desk-views.ts';

/** Who has a say in an item: what decides whose it is. */
export interface Claims {
  /** How many people are to answer it. */
  readonly wanted: number;
  /** Who has said something of it, each person once; null where their tool does not name them. */
  readonly answered: readonly (string | null)[];
  /** Who is at work on it now. */
  readonly holders: readonly string[];
}

/** Of other people, those who are at work on it and have not said anything of it yet. */
export function othersAtWork({ answered, holders }: Claims, annotator: string | null): string[] {
  return holders.filter((holder) => holder !== annotator && !answered.includes(holder));
}

/**
 * Whether an item is theirs to answer: they have before, or those who have and those who are at work on it leave room
 * for one more. So no more people are ever at work on an item than are to answer it.
 */
export function isTheirs(claims: Claims, annotator: string | null): boolean {
  if (annotator !== null && claims.answered.includes(annotator)) return true;
  return claims.answered.length + othersAtWork(claims, annotator).length < claims.wanted;
}

const NOBODY: readonly string[] = [];
const STATES = { accepted: 'answered', rejected: 'rejected', skipped: 'skipped' } as const;

/** How whatever was handed out stands for one person, at one moment. */
export class Standpoint {
  readonly annotator: string | null;
  readonly #index: DeskIndex;
  readonly #begun: ReadonlySet<number>;
  readonly #holders = new Map<number, string[]>();

  /**
   * @param annotator null: somebody who has done nothing yet
   * @param begun positions of which they have written something that they have not submitted
   * @param holds of everybody, those that last
   */
  constructor(index: DeskIndex, annotator: string | null, begun: Iterable<number>, holds: readonly Hold[]) {
    this.#index = index;
    this.annotator = annotator;
    this.#begun = new Set(begun);
    for (const hold of holds) {
      const holders = this.#holders.get(hold.position) ?? [];
      holders.push(hold.annotator);
      this.#holders.set(hold.position, holders);
    }
  }

  /** What they said of it last. */
  ownWord(entry: DeskEntry): StoredAnnotation | undefined {
    if (this.annotator === null) return undefined;
    return this.#index.wordsOn(entry).find(({ annotator }) => annotator === this.annotator);
  }

  hasBegun({ position }: DeskEntry): boolean {
    return this.#begun.has(position);
  }

  isTheirs(entry: DeskEntry): boolean {
    return isTheirs(this.#claims(entry), this.annotator);
  }

  /** Whether they are to answer it: it is awaited, theirs, and they have said nothing of it yet. */
  isOpen(entry: DeskEntry): boolean {
    return this.#index.isAwaited(entry) && this.ownWord(entry) === undefined && this.isTheirs(entry);
  }

  /** Whether they are at work on it, or have been. */
  isUnderWay(entry: DeskEntry): boolean {
    return this.hasBegun(entry) || this.#holdersOf(entry).includes(this.annotator ?? '');
  }

  stateOf(entry: DeskEntry): ItemState {
    const own = this.ownWord(entry);
    if (own !== undefined) return STATES[own.verdict];
    if (this.isTheirs(entry)) {
      if (this.hasBegun(entry)) return 'begun';
      return this.#index.isAwaited(entry) ? 'open' : 'complete';
    }
    return this.#index.isAwaited(entry) ? 'taken' : 'complete';
  }

  /** Who keeps it from them; null where nobody does. */
  heldBy(entry: DeskEntry): string | null {
    return this.stateOf(entry) === 'taken' ? othersAtWork(this.#claims(entry), this.annotator)[0]! : null;
  }

  #holdersOf({ position }: DeskEntry): readonly string[] {
    return this.#holders.get(position) ?? NOBODY;
  }

  #claims(entry: DeskEntry): Claims {
    return {
      wanted: entry.peopleWanted,
      answered: this.#index.wordsOn(entry).map(({ annotator }) => annotator),
      holders: this.#holdersOf(entry),
    };
  }
}

/**
 * Which item a person is to be shown next: where they come from nowhere, the first that is open and that they are at
 * work on already; else the first that is open, from the one they come from onwards, wrapping round to it.
 * @param entries of a round, in order of rank
 * @param after position they come from
 */
export function nextItem(
  entries: readonly DeskEntry[],
  {
    after,
    isOpen,
    isUnderWay,
  }: {
    readonly after?: number | undefined;
    readonly isOpen: (entry: DeskEntry) => boolean;
    readonly isUnderWay: (entry: DeskEntry) => boolean;
  },
): DeskEntry | undefined {
  const from = after === undefined ? -1 : entries.findIndex(({ position }) => position === after);
  if (from < 0) return entries.find((entry) => isUnderWay(entry) && isOpen(entry)) ?? entries.find(isOpen);
  return entries.slice(from + 1).find(isOpen) ?? entries.slice(0, from + 1).find(isOpen);
}
