import type { ResponseReading } from './response-reading.ts';

/** From here on, more adds nothing: about 150 different words. */
const CEILING_LETTERS = 1_000;
/** What is longer is no word. */
const MOST_LETTERS = 20;

/**
 * In [0, 1]: how much a response says that the instruction did not: the letters of its different words that the
 * instruction does not use, on a logarithm against a ceiling. So repeating itself or the instruction earns nothing, and
 * the second sentence earns more than the twentieth.
 */
export function substance({ words, instructionWords }: ResponseReading): number {
  const said = new Set(instructionWords);
  let letters = 0;
  for (const word of words) {
    if (said.has(word)) continue;
    said.add(word);
    letters += Math.min(MOST_LETTERS, word.length);
  }
  return Math.min(1, Math.log1p(letters) / Math.log1p(CEILING_LETTERS));
}
