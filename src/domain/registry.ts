import { UsageError } from './errors.ts';
import { nearestWord } from './nearest-word.ts';

/**
 * The objects of one kind (strategies, trainers, label bridges) by name, in the order they are shown. Plugins add
 * objects to the registry of the process; `with` makes a larger registry for one purpose.
 */
export class Registry<T extends { readonly name: string }> implements Iterable<T> {
  /** What one entry is called in messages: `strategy`. */
  readonly kind: string;
  readonly #entries: Map<string, T>;

  /** @throws UsageError when two entries have the same name */
  constructor(kind: string, entries: readonly T[]) {
    this.kind = kind;
    this.#entries = new Map();
    for (const entry of entries) this.add(entry);
  }

  /** Adds an object of a plugin. Adding the same object again changes nothing. @throws UsageError when its name is taken */
  add(entry: T): void {
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
