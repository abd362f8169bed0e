import type { JsonObject, JsonValue } from '../domain/instruction.ts';
import { excerpt } from './excerpt.ts';
import type { MapField } from './report-data.ts';

const MOST_FIELDS = 12;
/** Names that are worth looking for at all: a table of a thousand columns has more. */
const MOST_NAMES = 200;
const MOST_WORDS = 20;
const LONGEST_WORD = 60;

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
  for (const name of names) {
    if (found.length === MOST_FIELDS) break;
    const values = meta.map((fields) => (Object.hasOwn(fields, name) ? fields[name]! : null));
    const field = wordsOrNumbers(excerpt(name, LONGEST_WORD), values, positions);
    if (field !== undefined) found.push(field);
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
  if (present.every((value) => typeof value === 'number' && Number.isFinite(value))) {
    if (new Set(present).size < 2) return undefined;
    return { name, kind: 'numbers', of: positions.map((position) => values[position] as number | null) };
  }
  const counts = new Map<string, number>();
  const wordOf = (value: JsonValue) => (value === null || value === '' ? null : excerpt(String(value), LONGEST_WORD));
  for (const value of present) {
    const word = wordOf(value)!;
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
