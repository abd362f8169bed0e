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
  const names = new Set<string>();
  for (const fields of meta) {
    for (const name of Object.keys(fields)) if (names.size < MOST_NAMES) names.add(name);
  }
  const found: MapField[] = [];
  let room = MOST_FIELD_BYTES;
  for (const name of names) {
    // A value and its comma take at least two bytes.
    if (found.length === MOST_FIELDS || room < 2 * positions.length) break;
    const values = meta.map((fields) => (Object.hasOwn(fields, name) ? fields[name]! : null));
    const field = wordsOrNumbers(excerpt(name, LONGEST_WORD) || '(no name)', values, positions);
    const bytes = field === undefined ? 0 : Buffer.byteLength(JSON.stringify(field));
    if (field === undefined || bytes > room) continue;
    room -= bytes;
    found.push(field);
  }
  return found;
}

function wordsOrNumbers(
  name: string,
  values: readonly JsonValue[],
  positions: readonly number[],
): MapField | undefined {
  const present = values.filter((value) => value !== null && value !== '');
  if (present.some((value) => typeof value === 'object')) return undefined;
  if (present.every((value) => numberOf(value) !== null)) {
    if (new Set(present.map(numberOf)).size < 2) return undefined;
    return { name, kind: 'numbers', of: positions.map((position) => numberOf(values[position]!)) };
  }
  const wordOf = wordReader();
  const counts = new Map<string, number>();
  for (const value of present) {
    const word = wordOf(value);
    if (word === null) continue;
    counts.set(word, (counts.get(word) ?? 0) + 1);
    if (counts.size > MOST_WORDS) return undefined;
  }
  if (counts.size < 2) return undefined;
  const words = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1));
  const indexes = new Map(words.map((word, index) => [word, index]));
  const of = positions.map((position) => {
    const word = wordOf(values[position]!);
    return word === null ? null : indexes.get(word)!;
  });
  return { name, kind: 'words', values: words, of };
}

function numberOf(value: JsonValue): number | null {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return null;
  return Number.isInteger(number) ? number : Number(number.toPrecision(DIGITS));
}

/** The text shown for a value; null if there is nothing to see. Caches results, because values repeat. */
function wordReader(): (value: JsonValue) => string | null {
  const known = new Map<JsonValue, string | null>();
  return (value) => {
    if (value === null) return null;
    const word = known.get(value) ?? (excerpt(String(value), LONGEST_WORD) || null);
    known.set(value, word);
    return word;
  };
}
