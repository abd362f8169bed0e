import { type ResponseReading, ramp } from './response-reading.ts';

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

/** Words this short are in every text. Digits always count. */
const TELLING_LETTERS = 4;
/** This many shared words are 63 % of what sharing can show: one alone may be chance. */
const SHARED_WORDS_SCALE = 2;
/**
 * Up to which a response is taken for another instruction's, and from which it fits fully. Set for MiniLM, so that most
 * responses of real pools reach 6 of 10 and hardly any do once they are dealt out at random.
 */
const UNRELATED = 0.05;
const RELATED = 0.4;

/**
 * In [0, 1]: how far a response is about what the instruction and its input are about: the higher of the cosine of their
 * embeddings and of `sharedWords`, on a ramp. The cosine sees paraphrases; shared words see short answers taken from the
 * material ("Asia and Africa").
 *
 * @param cosine of the embeddings of instruction with input, and of the response
 */
export function relatedness(reading: ResponseReading, cosine: number): number {
  return ramp(Math.max(cosine, sharedWords(reading)), UNRELATED, RELATED);
}

/** In [0, 1): the share of the response's telling words that instruction or input use too, less where they are few. */
function sharedWords({ words, instructionWords, inputWords }: ResponseReading): number {
  const telling = new Set(words.filter((word) => word.length >= TELLING_LETTERS || /^\p{N}+$/u.test(word)));
  if (telling.size === 0) return 0;
  const asked = new Set([...instructionWords, ...inputWords]);
  const shared = [...telling].filter((word) => asked.has(word)).length;
  return (shared / telling.size) * (1 - Math.exp(-shared / SHARED_WORDS_SCALE));
}
