import { PoolError } from '../domain/errors.ts';
import type { Instruction, JsonObject } from '../domain/instruction.ts';
import type { ShownField } from '../domain/label.ts';
import { valueAt } from '../records/detect-fields.ts';
import { fieldValue, parseConstraints } from '../selection/constraints/constraints.ts';
import type { CampaignConfig } from './config/campaign-config.ts';
import { questionFields } from './config/questions-config.ts';

/** The fields of a record that annotators see, in the order of their names; those it does not have are left out. */
export function shownFields(record: JsonObject, names: readonly string[]): ShownField[] {
  return names.flatMap((name): ShownField[] => {
    const value = valueAt(record, name);
    if (value === undefined || value === null || value === '') return [];
    return [{ name, value: typeof value === 'object' ? JSON.stringify(value) : String(value) }];
  });
}

/** @throws PoolError for a field of `labels.show` or `labels.assign` that no record has */
export function checkLabelFields(
  items: readonly Instruction[],
  { show, assign, questions }: Pick<CampaignConfig['labels'], 'show' | 'assign' | 'questions'>,
): void {
  const check = (option: string, isMissing: (name: string, item: Instruction) => boolean, names: readonly string[]) => {
    const missing = names.find((name) => items.every((item) => isMissing(name, item)));
    if (missing === undefined) return;
    throw new PoolError(`No record has a field "${missing}".`, { hint: `Correct ${option} in winnow.yaml.` });
  };
  check('labels.show', (name, { record }) => valueAt(record, name) === undefined, show);
  check('labels.questions', (name, { record }) => valueAt(record, name) === undefined, questionFields(questions));
  const rules = assign.flatMap(({ where }) => parseConstraints({ where }).where);
  const fields = rules.map(({ field }) => field);
  check('labels.assign', (name, item) => fieldValue(item, name) === undefined, fields);
}
