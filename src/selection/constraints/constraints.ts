import { UsageError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import { option, sentence, type Wording } from '../../domain/wording.ts';
import { fieldOf } from '../measures/field-measure.ts';

const NAMED_IDS = 5;

/** What a selection must keep to, as users write it. */
export interface ConstraintOptions {
  /** Only items whose field has one of the values: `language=en,de`; `status!=closed` for all others; `id!=q7` leaves out an item. All must hold. */
  readonly where?: readonly string[];
  /** Shares of the selection by a field: `language=en:60%,de:40%`, or numbers. What is left goes to other values. */
  readonly quota?: readonly string[];
  /** `topic=billing:20`: at least so many with that value. */
  readonly atLeast?: readonly string[];
  /** `user=3`: at most so many of each value. `conversation` names the conversation an item comes from. */
  readonly atMost?: readonly string[];
  /** Ids of items that are picked first. */
  readonly mustInclude?: readonly string[];
  /** Ids of items that are never picked. */
  readonly excludeIds?: readonly string[];
}

export interface Quota {
  readonly field: string;
  readonly parts: readonly { readonly value: string; readonly amount: number; readonly isShare: boolean }[];
}

export interface Constraints {
  readonly where: readonly { readonly field: string; readonly values: readonly string[]; readonly isNot: boolean }[];
  readonly quotas: readonly Quota[];
  readonly atLeast: readonly { readonly field: string; readonly value: string; readonly count: number }[];
  readonly atMost: readonly { readonly field: string; readonly count: number }[];
  readonly mustInclude: readonly string[];
  readonly excludeIds: readonly string[];
}

/** What a selection must keep to, and what counts for it. */
export interface Limits {
  readonly constraints: Constraints;
  /** Positions that are picked first: those of `mustInclude`. */
  readonly fixed: readonly number[];
  /** Positions that count for `atMost` already: labeled, or handed out. */
  readonly taken: readonly number[];
}

/** @throws UsageError for a text that is not understood, or shares of more than 100 % */
export function parseConstraints(options: ConstraintOptions): Constraints {
  return {
    where: (options.where ?? []).map(parseWhere),
    quotas: (options.quota ?? []).map(parseQuota),
    atLeast: (options.atLeast ?? []).map(parseAtLeast),
    atMost: (options.atMost ?? []).map(parseAtMost),
    mustInclude: options.mustInclude ?? [],
    excludeIds: options.excludeIds ?? [],
  };
}

/** Whether anything beside `where` and `excludeIds` limits what is picked. */
export function limitsPicks({ quotas, atLeast, atMost, mustInclude }: Constraints): boolean {
  return quotas.length + atLeast.length + atMost.length + mustInclude.length > 0;
}

/** The value of an item's field as text; `id` is that of the item, also where its record has none. Undefined without a value. */
export function fieldValue(
  item: Pick<Instruction, 'record' | 'conversation'> & { readonly id?: string },
  field: string,
): string | undefined {
  const own = field === 'conversation' ? item.conversation : field === 'id' ? item.id : undefined;
  const value = own ?? fieldOf(item.record, field);
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Whether an item may be picked by `where`. */
export function isWanted(item: Instruction, where: Constraints['where']): boolean {
  return where.every(({ field, values, isNot }) => {
    const value = fieldValue(item, field);
    return isNot !== (value !== undefined && values.includes(value));
  });
}

/**
 * Positions of the items that must not be picked.
 * @param find the position of an id, also of one whose record was merged into another
 */
export function excludedPositions(ids: readonly string[], find: (id: string) => number | undefined): Set<number> {
  return new Set(ids.flatMap((id) => find(id) ?? []));
}

/** Says which ids of a list are not in the pool, if any: they may be misspelled. @param name of the option */
export function unknownIdsNotes(
  name: 'excludeIds',
  ids: readonly string[],
  find: (id: string) => number | undefined,
): Wording[] {
  const unknown = ids.filter((id) => find(id) === undefined);
  if (unknown.length === 0) return [];
  const shown = unknown.slice(0, NAMED_IDS).join(', ');
  const more = unknown.length > NAMED_IDS ? `, … and ${unknown.length - NAMED_IDS} more` : '';
  const what = unknown.length === 1 ? '1 id' : `${unknown.length} ids`;
  return [
    sentence`${what} of ${option(name)} ${unknown.length === 1 ? 'is' : 'are'} not in the pool: ${shown}${more}.${unknown.some((id) => id.includes(',')) ? ' Give each id by itself.' : ''}`,
  ];
}

function parseWhere(text: string) {
  const [, field, not, values] = /^([^=!]+)(!?)=(.+)$/s.exec(text) ?? [];
  if (field === undefined) throw unreadable('where', text, 'language=en,de');
  return { field: field.trim(), isNot: not === '!', values: values!.split(',').map((value) => value.trim()) };
}

function parseQuota(text: string): Quota {
  const [field, list] = splitField('quota', text, 'language=en:60%,de:40%');
  const parts = list.split(',').map((part) => {
    const [, value, amount, percent] = /^\s*(.+):\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/s.exec(part) ?? [];
    if (value === undefined) throw unreadable('quota', text, 'language=en:60%,de:40%');
    const isShare = percent === '%';
    if (!isShare && !Number.isInteger(Number(amount))) throw unreadable('quota', text, 'language=en:60%,de:40');
    return { value: value.trim(), amount: isShare ? Number(amount) / 100 : Number(amount), isShare };
  });
  const shares = parts.reduce((sum, { amount, isShare }) => sum + (isShare ? amount : 0), 0);
  if (shares > 1 + 1e-9) {
    throw new UsageError(
      sentence`${option('quota', text)} asks for ${Math.round(100 * shares)} %.`,
      'Shares add up to at most 100 %.',
    );
  }
  const twice = parts.find(({ value }, index) => parts.findIndex((other) => other.value === value) < index);
  if (twice) throw new UsageError(sentence`${option('quota', text)} names "${twice.value}" twice.`);
  return { field, parts };
}

function parseAtLeast(text: string) {
  const [field, rest] = splitField('atLeast', text, 'topic=billing:20');
  const [, value, count] = /^\s*(.+):\s*(\d+)\s*$/s.exec(rest) ?? [];
  if (value === undefined) throw unreadable('atLeast', text, 'topic=billing:20');
  return { field, value: value.trim(), count: Number(count) };
}

function parseAtMost(text: string) {
  const [field, rest] = splitField('atMost', text, 'user=3');
  if (!/^\s*[1-9]\d*\s*$/.test(rest)) throw unreadable('atMost', text, 'user=3');
  return { field, count: Number(rest) };
}

function splitField(name: string, text: string, example: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw unreadable(name, text, example);
  return [text.slice(0, at).trim(), text.slice(at + 1)];
}

function unreadable(name: string, text: string, example: string): UsageError {
  return new UsageError(
    sentence`${option(name)} "${text}" cannot be read.`,
    sentence`Write it like ${option(name, example)}.`,
  );
}
