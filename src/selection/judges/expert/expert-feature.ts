import type { PairReading } from './read-pair.ts';

/** The subjects of features, with the words of a reason where they raise or lower the score. */
export const THEMES = {
  length: { good: 'detailed', bad: 'little content' },
  layout: { good: 'well formatted', bad: 'poorly formatted' },
  relation: { good: 'addresses the request', bad: 'barely addresses the request' },
  style: { good: 'engaging style', bad: 'generic style' },
  flaws: { good: 'no obvious flaws', bad: 'refuses, repeats or breaks off' },
  wording: { good: 'worded like an expert answer', bad: 'worded like a draft' },
} as const;
export type Theme = keyof typeof THEMES;

export interface ExpertFeature {
  /** Never changes: weights files contain it. */
  readonly name: string;
  readonly theme: Theme;
  /** Finite, bounded, and the same for every spelling of the text. */
  readonly value: (pair: PairReading) => number;
}

export const doublings = (count: number) => Math.log2(1 + count);
/** Adds five words to the length, so that shares of a few words stay moderate. */
export const perWord = (count: number, { words }: PairReading) => count / (words.length + 5);
export const occurrences = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

export function feature(name: string, theme: Theme, value: ExpertFeature['value']): ExpertFeature {
  return { name, theme, value };
}
