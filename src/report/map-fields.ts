import type { JsonObject, JsonValue } from '../domain/instruction.ts';
import { excerpt } from '../text/excerpt.ts';
import type { MapField } from './pool-figures.ts';

const MOST_FIELDS = 12;
/** Of all fields together, so that a report stays small; what has no room is left out. */
const ROOM_FOR_FIELDS_BYTES = 700_000;
/** Names that are worth looking for at all: a table of a thousand columns has more. */
const MOST_NAMES = 200;
const MOST_WORDS = 20;
const LONGEST_WORD = 60;
/** Of numbers that are not whole. */
const DIGITS = 6;
/** As files without types write numbers. Zeros in front make it a code. */
const NUMBER = /^[+-]?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * The fields that points can be colored by: words of 2 to 20 kinds, or numbers that differ. The order is that in which
 * records have them.
 * @param meta of the whole pool, by position
 * @param positions of the points
 */
export function mapFields(meta: readonly JsonObject[], positions: readonly number[]): MapField[] {
  const names = new Set<string>();
  for (const fields of meta) {
    for (const name of Object.keys(fields)) if (names.size < MOST_NAMES) names.add(name);
  }
  const found: MapField[] = [];
  let room = ROOM_FOR_FIELDS_BYTES;
  for (const name of names) {
    // A value and its comma are two bytes at least.
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

/** What is shown of a value; null where it is nothing that could be seen. Pools repeat themselves: each is read once. */
function wordReader(): (value: JsonValue) => string | null {
  const known = new Map<JsonValue, string | null>();
  return (value) => {
    if (value === null) return null;
    const word = known.get(value) ?? (excerpt(String(value), LONGEST_WORD) || null);
    known.set(value, word);
    return word;
  };
}
