import { UsageError } from './errors.ts';
import { nearestWord } from './nearest-word.ts';

/**
 * The objects of one kind (strategies, trainers, label bridges) by name, in the order they are shown.
 * It never changes: `with` makes a larger one, so that plugins of one run are not seen by another.
 */
export class Registry<T extends { readonly name: string }> implements Iterable<T> {
  /** What one entry is called in messages: `strategy`. */
  readonly kind: string;
  readonly #entries: ReadonlyMap<string, T>;

  /** @throws UsageError when two entries have the same name */
  constructor(kind: string, entries: readonly T[]) {
    const byName = new Map<string, T>();
    for (const entry of entries) {
      if (byName.has(entry.name)) {
        throw new UsageError(`There are two ${kind} entries named "${entry.name}".`, 'Rename one of them.');
      }
      byName.set(entry.name, entry);
    }
    this.kind = kind;
    this.#entries = byName;
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
