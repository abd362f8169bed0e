import { UsageError } from '../domain/errors.ts';
import type { Instruction, JsonValue } from '../domain/instruction.ts';
import { option, sentence } from '../domain/wording.ts';

/** The names a category's field may have. The first that divides the data wins. */
const CATEGORY_FIELDS = ['category', 'template', 'task', 'task_name', 'topic', 'domain', 'skill'] as const;
const LISTED_FIELDS = 12;

/** What the data is divided into. */
export interface Categories {
  /** null where there is none. */
  readonly field: string | null;
  /** Distinct ones in the data; null without a field. */
  readonly count: number | null;
  /** By position: the name of each one's category; undefined where its record names none. */
  readonly of: readonly (string | undefined)[];
}

/**
 * Finds the categories of labeled data.
 * @param named the field to take; without it, the first of the usual names that has at least two values and no more
 *   than half as many as there are instructions
 * @throws UsageError where no record has the field that is named
 */
export function findCategories(instructions: readonly Instruction[], named: string | undefined): Categories {
  if (named !== undefined) {
    const categories = categoriesBy(named, instructions, ({ record }) => record);
    if (categories.count > 0) return categories;
    const fields = [...new Set(instructions.flatMap(({ record }) => Object.keys(record)))];
    const more = fields.length > LISTED_FIELDS ? ` and ${fields.length - LISTED_FIELDS} more` : '';
    throw new UsageError(
      `No labeled record has a category in a field "${named}".`,
      sentence`Correct ${option('categoryField')}. The fields that exist: ${fields.slice(0, LISTED_FIELDS).join(', ')}${more}.`,
    );
  }
  const all = CATEGORY_FIELDS.map((field) => new NameColumn(field, instructions.length));
  for (const [position, { meta }] of instructions.entries()) for (const column of all) column.see(position, meta);
  const found = all.find(({ count, hasTooMany }) => count >= 2 && !hasTooMany);
  return found?.categories() ?? { field: null, count: null, of: Array.from(instructions.keys(), () => undefined) };
}

function categoriesBy(
  field: string,
  instructions: readonly Instruction[],
  fieldsOf: (item: Instruction) => Instruction['meta'],
): Categories & { readonly count: number } {
  const column = new NameColumn(field, instructions.length, instructions.length);
  for (const [position, item] of instructions.entries()) column.see(position, fieldsOf(item));
  return column.categories();
}

/** The names in one field, each held once: a large pool is gone through once for all fields. */
class NameColumn {
  readonly field: string;
  readonly #rows: number;
  readonly #most: number;
  readonly #numbers = new Map<string, number>();
  /** By position: the number of its name, from 1; 0 is none. */
  #of: Int32Array | undefined;

  /** @param most names before the field counts as none of categories */
  constructor(field: string, rows: number, most = rows / 2) {
    this.field = field;
    this.#rows = rows;
    this.#most = most;
  }

  get count(): number {
    return this.#numbers.size;
  }

  get hasTooMany(): boolean {
    return this.#numbers.size > this.#most;
  }

  see(position: number, fields: Instruction['meta']): void {
    if (this.hasTooMany || !Object.hasOwn(fields, this.field)) return;
    const name = nameOf(fields[this.field]!);
    if (name === undefined) return;
    const number = this.#numbers.get(name) ?? this.#numbers.size + 1;
    this.#numbers.set(name, number);
    this.#of ??= new Int32Array(this.#rows);
    this.#of[position] = number;
  }

  categories(): Categories & { readonly count: number } {
    const names = [undefined, ...this.#numbers.keys()];
    const of = Array.from(this.#of ?? new Int32Array(this.#rows), (number) => names[number]);
    return { field: this.field, count: this.count, of };
  }
}

/** Lists and objects name no category, and neither does an empty text. */
function nameOf(value: JsonValue): string | undefined {
  return value === null || value === '' || typeof value === 'object' ? undefined : String(value);
}
