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
  for (const field of CATEGORY_FIELDS) {
    const categories = categoriesBy(field, instructions, ({ meta }) => meta);
    if (categories.count >= 2 && categories.count <= instructions.length / 2) return categories;
  }
  return { field: null, count: null, of: instructions.map(() => undefined) };
}

function categoriesBy(
  field: string,
  instructions: readonly Instruction[],
  fieldsOf: (item: Instruction) => Instruction['meta'],
): Categories & { readonly count: number } {
  const of = instructions.map((item) => nameOf(Object.hasOwn(fieldsOf(item), field) ? fieldsOf(item)[field]! : null));
  return { field, count: new Set(of.filter((name) => name !== undefined)).size, of };
}

/** Lists and objects name no category, and neither does an empty text. */
function nameOf(value: JsonValue): string | undefined {
  return value === null || value === '' || typeof value === 'object' ? undefined : String(value);
}
