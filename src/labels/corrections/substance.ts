import type { Correction } from '../../domain/label.ts';
import { rougeL } from '../../math/rouge-l.ts';
import { WordIds } from '../../text/rouge-words.ts';

/** Marks that can change without a change of meaning; a point or comma within a number is none. */
const SENTENCE_MARKS = /[;:!?"'`´‘’‚“”„«»…–—\p{Cf}]|(?<!\d)[.,]|[.,](?!\d)/gu;
/** Marks of Markdown, but not an operator between two operands, as in `2*3`. */
const MARKDOWN_MARKS = /(?<![\p{L}\p{N}])[*_#~]+|[*_#~]+(?![\p{L}\p{N}])/gu;

/** A correction with two answers of which the person's is the better one. */
export type Pair = Correction & { readonly response: string };

/** Whether a person wrote something else than the model, other than in case, spacing, punctuation or Markdown. O(length). */
export function isPair(correction: Correction): correction is Pair {
  const { decision, response, answer } = correction;
  return decision === 'edited' && response !== null && substance(response) !== substance(answer);
}

function substance(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase();
  return plain.replace(SENTENCE_MARKS, '').replace(MARKDOWN_MARKS, '').replace(/\s+/gu, '');
}

/**
 * How far apart the two answers are, in [0, 1]: 1 − ROUGE-L's F1 of their words, to four places. 0.1 is a small edit, 1 is
 * another answer; 0 where only signs differ, as in `a + b` and `a - b`. O(words²).
 */
export function margin({ answer, response }: Pair): number {
  const words = new WordIds();
  const { f1 } = rougeL(words.learn(answer), words.learn(response));
  return Math.round((1 - f1) * 10_000) / 10_000;
}
