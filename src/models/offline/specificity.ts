import { type Finding, type Reading, saturate } from './reading.ts';

const NUMBER = /\p{N}+(?:[.,:/]\p{N}+)*/gu;
const QUOTED = /"[^"\n]{2,80}"|“[^”\n]{2,80}”|«[^»\n]{2,80}»|「[^」\n]{1,80}」|`[^`\n]{1,80}`/gu;
// camelCase, snake_case, calls(), paths/with/slashes, x^2, O(n) and comparison or assignment signs.
const TECHNICAL =
  /\b\p{Ll}+\p{Lu}\p{L}*|\b\w+_\w+|\b\w+\([^)\n]{0,40}\)|\w\^\w|[=<>≤≥≠+*/]=|[\p{L}\p{N})]\s?[=<>≤≥]\s?[\p{L}\p{N}(]/gu;
const NAME = /(?<=[\p{Ll}\p{N},;:–-]["“”]?\s)\p{Lu}[\p{L}\p{M}\p{N}'’-]+/gu;

/** Words this long are mostly terms, in languages that put letters together. */
const TERM_LETTERS = 9;
/** This many different specifics are 63 % of what specifics can add. */
const SPECIFICS_SCALE = 8;

/**
 * How concrete the task is: different numbers, names (capitals inside a sentence, where the script has them), quoted
 * and technical expressions, and long words, which are mostly terms.
 */
export function specificity(reading: Reading): Finding {
  const found = new Set<string>();
  for (const pattern of [NUMBER, QUOTED, TECHNICAL, NAME]) {
    for (const [match] of reading.task.matchAll(pattern)) found.add(match);
  }
  const concrete = found.size;
  for (const word of reading.words) if (word.length >= TERM_LETTERS) found.add(word.toLowerCase());
  return {
    value: saturate(found.size * reading.worthOfAFind, SPECIFICS_SCALE),
    note: concrete > 1 ? `detailed request (${concrete} named items)` : '',
  };
}
