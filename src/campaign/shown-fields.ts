import { PoolError } from '../domain/errors.ts';
import type { Instruction, JsonObject } from '../domain/instruction.ts';
import type { ShownField } from '../domain/label.ts';
import { valueAt } from '../records/detect-fields.ts';

/** The fields of a record that annotators see, in the order of their names; those it does not have are left out. */
export function shownFields(record: JsonObject, names: readonly string[]): ShownField[] {
  return names.flatMap((name): ShownField[] => {
    const value = valueAt(record, name);
    if (value === undefined || value === null || value === '') return [];
    return [{ name, value: typeof value === 'object' ? JSON.stringify(value) : String(value) }];
  });
}

/** @throws PoolError for a field that no record has */
export function checkShownFields(items: readonly Instruction[], names: readonly string[]): void {
  const missing = names.find((name) => items.every(({ record }) => valueAt(record, name) === undefined));
  if (missing === undefined) return;
  throw new PoolError(`No record has a field "${missing}".`, { hint: 'Correct labels.show in winnow.yaml.' });
}
