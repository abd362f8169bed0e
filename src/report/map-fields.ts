import type { JsonObject, JsonValue } from '../domain/instruction.ts';
import { excerpt } from '../text/excerpt.ts';
import type { MapField } from './pool-figures.ts';

const MOST_FIELDS = 12;
/** Limit of all fields together, so that a report stays small. Fields beyond it are left out. */
const MOST_FIELD_BYTES = 700_000;
/** Limit of field names that are looked at: some tables have thousands of columns. */
const MOST_NAMES = 200;
const MOST_WORDS = 20;
const LONGEST_WORD = 60;
/** Significant digits of numbers that are not whole. */
const DIGITS = 6;
/** Numbers written as text. A leading zero means a code, not a number. */
const NUMBER = /^[+-]?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * The fields that points can be colored by: those with 2 to 20 different words, and numbers that differ. They are in the
 * order of the records.
 * @param meta by position, of the whole pool
 * @param positions of the points
 */
export function mapFields(meta: readonly JsonObject[], positions: readonly number[]): MapField[] {
  const summaries = summarize(meta);
  const shown = positions.map((position) => meta[position]!);
  const found: MapField[] = [];
  let room = MOST_FIELD_BYTES;
  for (const [name, summary] of summaries) {
    // A value and its comma take at least two bytes.
    if (found.length === MOST_FIELDS || room < 2 * positions.length) break;
    const values = shown.map((fields) => (Object.hasOwn(fields, name) ? fields[name]! : null));
    const field = wordsOrNumbers(excerpt(name, LONGEST_WORD) || '(no name)', summary, values);
    const bytes = field === undefined ? 0 : Buffer.byteLength(JSON.stringify(field));
    if (field === undefined || bytes > room) continue;
    room -= bytes;
    found.push(field);
  }
  return found;
}

/** What is known of the values of a field after all records. */
interface FieldSummary {
  /** Whether it cannot color points: it holds lists or objects, or too many words. */
  isUnusable: boolean;
  isNumbers: boolean;
  /** Up to two: whether they differ. */
  readonly numbers: Set<number>;
  /** How often each word occurs, up to one word too many. */
  readonly words: Map<string, number>;
}

/** The fields by name, in the order of the records, in one pass: a large pool is read from the disk. */
function summarize(meta: readonly JsonObject[]): ReadonlyMap<string, FieldSummary> {
  const summaries = new Map<string, FieldSummary>();
  for (const fields of meta) {
    for (const name of Object.keys(fields)) {
      let summary = summaries.get(name);
      if (summary === undefined) {
        if (summaries.size === MOST_NAMES) continue;
        summary = { isUnusable: false, isNumbers: true, numbers: new Set(), words: new Map() };
        summaries.set(name, summary);
      }
      if (!summary.isUnusable) see(fields[name]!, summary);
    }
  }
  return summaries;
}

function see(value: JsonValue, summary: FieldSummary): void {
  if (value === null || value === '') return;
  const number = numberOf(value);
  if (number === null) summary.isNumbers = false;
  else if (summary.numbers.size < 2) summary.numbers.add(number);
  if (summary.words.size <= MOST_WORDS) {
    const word = wordOf(value);
    if (word !== null) summary.words.set(word, (summary.words.get(word) ?? 0) + 1);
  }
  summary.isUnusable = typeof value === 'object' || (!summary.isNumbers && summary.words.size > MOST_WORDS);
}

/** @param values of the points */
function wordsOrNumbers(
  name: string,
  { isUnusable, isNumbers, numbers, words }: FieldSummary,
  values: readonly JsonValue[],
): MapField | undefined {
  if (isUnusable) return undefined;
  if (isNumbers) return numbers.size < 2 ? undefined : { name, kind: 'numbers', of: values.map(numberOf) };
  if (words.size < 2) return undefined;
  const listed = [...words.keys()].sort((a, b) => words.get(b)! - words.get(a)! || (a < b ? -1 : 1));
  const indexes = new Map(listed.map((word, index) => [word, index]));
  const of = values.map((value) => {
    const word = wordOf(value);
    return word === null ? null : indexes.get(word)!;
  });
  return { name, kind: 'words', values: listed, of };
}

/** The text shown for a value; null if there is nothing to see. */
function wordOf(value: JsonValue): string | null {
  return value === null ? null : excerpt(String(value), LONGEST_WORD) || null;
}

function numberOf(value: JsonValue): number | null {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return null;
  return Number.isInteger(number) ? number : Number(number.toPrecision(DIGITS));
}
