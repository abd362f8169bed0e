import { mean } from '../math/statistics.ts';
import type { ItemLabel } from './label-views.ts';

/** How often people agree on items that several of them answered. */
export interface Agreement {
  /** Items with answers of at least two people. */
  readonly items: number;
  /** Mean over items and pairs of people of the F1 of their words, 0–1. */
  readonly wordF1: number;
  /** Items where one person answered and another rejected. */
  readonly disputed: number;
}

/** @returns undefined where no item has two people's word */
export function agreementOf(labels: Iterable<ItemLabel>): Agreement | undefined {
  const scores: number[] = [];
  let disputed = 0;
  for (const { byPerson } of labels) {
    const answers = byPerson.flatMap(({ verdict, response }) => (verdict === 'accepted' ? [response ?? ''] : []));
    if (answers.length > 0 && byPerson.some(({ verdict }) => verdict === 'rejected')) disputed += 1;
    if (answers.length > 1) scores.push(mean(pairs(answers).map(([a, b]) => wordF1(a, b))));
  }
  if (scores.length === 0 && disputed === 0) return undefined;
  return { items: scores.length, wordF1: scores.length === 0 ? 0 : mean(scores), disputed };
}

/** Overlap of two texts as bags of words, letter case aside: 2·|A∩B| / (|A| + |B|). 1 for two texts without words. */
export function wordF1(a: string, b: string): number {
  const [left, right] = [wordCounts(a), wordCounts(b)];
  const size = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0);
  const total = size(left) + size(right);
  if (total === 0) return 1;
  let shared = 0;
  for (const [word, count] of left) shared += Math.min(count, right.get(word) ?? 0);
  return (2 * shared) / total;
}

function wordCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function pairs<T>(values: readonly T[]): [T, T][] {
  return values.flatMap((first, index) => values.slice(index + 1).map((second): [T, T] => [first, second]));
}
