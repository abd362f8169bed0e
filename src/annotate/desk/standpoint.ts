import type { Hold } from '../../store/desk-store.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import { type Claims, isTheirs, othersAtWork } from './claims.ts';
import type { DeskEntry, DeskIndex } from './desk-index.ts';
import type { ItemState } from './desk-views.ts';

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
