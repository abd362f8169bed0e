import { rougeWords } from './rouge-words.ts';

/** The most words of a response that an answer can be expected to match word for word. */
const MOST_SHORT_WORDS = 5;
/** Canonical composition takes quadratic time for marks in a bad order; such lengths are no short answer anyway. */
const LONGEST_COMPOSED = 10_000;

/** Whether a text has one to five words (see `rougeWords`). O(length). */
export function isShortAnswer(text: string): boolean {
  const { length } = rougeWords(text);
  return length >= 1 && length <= MOST_SHORT_WORDS;
}

/** A text as exact matches compare it: case, punctuation, spaces and how characters are composed do not count. */
export function answerKey(text: string): string {
  const lower = text.toLowerCase();
  const composed = lower.length > LONGEST_COMPOSED ? lower : lower.normalize('NFC');
  return composed.replace(/\p{P}/gu, ' ').replace(/\s+/gu, ' ').trim();
}
