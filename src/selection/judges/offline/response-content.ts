import { type ResponseReading, ramp } from './response-reading.ts';

/** More letters add nothing. About 150 different words. */
const CEILING_LETTERS = 1_000;
/** Longer words count as this long. */
const MOST_LETTERS = 20;

/**
 * In [0, 1]: how much a response adds to the instruction. Counts the letters of the different words that the instruction
 * does not use, on a logarithmic scale up to a ceiling. So repetition adds nothing, and the second sentence adds more
 * than the twentieth.
 */
export function substance({ words, instructionWords }: ResponseReading): number {
  const used = new Set(instructionWords);
  let letters = 0;
  for (const word of words) {
    if (used.has(word)) continue;
    used.add(word);
    letters += Math.min(MOST_LETTERS, word.length);
  }
  return Math.min(1, Math.log1p(letters) / Math.log1p(CEILING_LETTERS));
}

/** Shorter words occur in every text. Digits always count. */
const FEWEST_LETTERS = 4;
/** This many shared words count 63 % of the most that sharing can count: a single one may be chance. */
const SHARED_WORDS_SCALE = 2;
/**
 * Up to UNRELATED a response seems to belong to another instruction; from RELATED on it fits fully. Set for MiniLM so
 * that most responses of real pools reach 6 of 10, and hardly any do when they are shuffled among instructions.
 */
const UNRELATED = 0.05;
const RELATED = 0.4;

/**
 * In [0, 1]: how closely a response is related to the instruction and its input: the larger of the cosine of their
 * embeddings and `sharedWords`, on a ramp. The cosine finds paraphrases; shared words find short answers taken from the
 * material ("Asia and Africa").
 *
 * @param cosine of the embeddings of instruction with input, and of the response
 */
export function relatedness(reading: ResponseReading, cosine: number): number {
  return ramp(Math.max(cosine, sharedWords(reading)), UNRELATED, RELATED);
}

/** In [0, 1): the share of the response's content words that instruction or input also use, lower when they are few. */
function sharedWords({ words, instructionWords, inputWords }: ResponseReading): number {
  const contentWords = new Set(words.filter((word) => word.length >= FEWEST_LETTERS || /^\p{N}+$/u.test(word)));
  if (contentWords.size === 0) return 0;
  const asked = new Set([...instructionWords, ...inputWords]);
  const shared = [...contentWords].filter((word) => asked.has(word)).length;
  return (shared / contentWords.size) * (1 - Math.exp(-shared / SHARED_WORDS_SCALE));
}
