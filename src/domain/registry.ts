import { UsageError } from './errors.ts';
import { nearestWord } from './nearest-word.ts';

/** Takes one addition back. */
type Undo = () => void;

/** Where additions are noted while `Additions.collect` runs. */
let noted: Undo[] | undefined;

/** What one run added to the registries of the process, to be removed when it has ended. */
export class Additions {
  readonly #undo: Undo[] = [];

  /** Notes what `work` adds, which must not wait for anything. What it added before it failed is noted too. */
  collect<T>(work: () => T): T {
    const outer = noted;
    noted = this.#undo;
    try {
      return work();
    } finally {
      noted = outer;
    }
  }

  /** Removes what was added, except what another run that has not ended added too, or was there for good. */
  remove(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }
}

/**
 * The objects of one kind (strategies, trainers, label bridges) by name, in the order they are shown. Plugins add
 * objects to the registry of the process, for a run or for good; `with` makes a larger registry for one purpose.
 */
export class Registry<T extends { readonly name: string }> implements Iterable<T> {
  /** What one entry is called in messages: `strategy`. */
  readonly kind: string;
  readonly #entries = new Map<string, T>();
  /** How many runs hold an entry that was not added for good. */
  readonly #holders = new Map<string, number>();

  /** @throws UsageError when two entries have the same name */
  constructor(kind: string, entries: readonly T[]) {
    this.kind = kind;
    for (const entry of entries) this.#put(entry);
  }

  /**
   * Adds an object of a plugin: until the run ends where `Additions` collects it, else for good. Adding the same object
   * again changes nothing.
   * @throws UsageError when its name is taken
   */
  add(entry: T): void {
    const { name } = entry;
    const isForGood = this.#entries.has(name) && !this.#holders.has(name);
    this.#put(entry);
    if (noted === undefined) this.#holders.delete(name);
    else if (!isForGood) {
      this.#holders.set(name, (this.#holders.get(name) ?? 0) + 1);
      noted.push(() => this.#release(name));
    }
  }

  #release(name: string): void {
    const holders = this.#holders.get(name);
    if (holders === undefined) return;
    if (holders > 1) {
      this.#holders.set(name, holders - 1);
      return;
    }
    this.#holders.delete(name);
    this.#entries.delete(name);
  }

  #put(entry: T): void {
    const known = this.#entries.get(entry.name);
    if (known !== undefined && known !== entry) {
      throw new UsageError(`There are two ${this.kind} entries named "${entry.name}".`, 'Rename one of them.');
    }
    this.#entries.set(entry.name, entry);
  }

  /** The name of an entry that is given by name or as the object itself, which is then added. */
  nameOf(entry: string | T): string {
    if (typeof entry === 'string') return entry;
    this.add(entry);
    return entry.name;
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws UsageError with the nearest name, if one is near, and all of them */
  find(name: string): T {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return entry;
    const nearest = nearestWord(name, this.names);
    throw new UsageError(
      `There is no ${this.kind} "${name}".`,
      `${nearest === undefined ? '' : `Did you mean "${nearest}"? `}Use one of: ${this.names.join(', ')}.`,
    );
  }

  /** A registry that has `extra` too, after the others. @throws UsageError when a name is taken */
  with(...extra: readonly T[]): Registry<T> {
    return new Registry(this.kind, [...this, ...extra]);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#entries.values();
  }
}
