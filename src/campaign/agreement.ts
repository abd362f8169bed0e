import type { Agreement } from '../domain/label-quality.ts';
import { mean, meanInterval } from '../math/statistics.ts';
import { chrF } from '../text/chrf.ts';
import type { ItemLabel } from './label-views.ts';

const MOST_COMPARED_BY_CHARACTERS = 100;

/** @returns undefined where no item has two people's word */
export function agreementOf(labels: Iterable<ItemLabel>): Agreement | undefined {
  const shared: ItemLabel[] = [];
  let disputed = 0;
  for (const label of labels) {
    const answers = answersOf(label);
    if (answers.length > 0 && label.byPerson.some(({ verdict }) => verdict === 'rejected')) disputed += 1;
    if (answers.length > 1) shared.push(label);
  }
  if (shared.length === 0) return disputed === 0 ? undefined : { items: 0, wordF1: 0, disputed };
  const scores = shared.map((label) => knownWordF1.of(label));
  const { interval } = meanInterval(scores);
  const step = Math.ceil(shared.length / MOST_COMPARED_BY_CHARACTERS);
  const compared = shared.filter((_, at) => at % step === 0);
  const { count, interval: chrFInterval, mean: chrFMean } = meanInterval(compared.map((one) => knownChrF.of(one)));
  return {
    items: shared.length,
    wordF1: mean(scores),
    ...(interval === undefined ? {} : { wordF1Interval: interval }),
    chrF: { items: count, mean: chrFMean, ...(chrFInterval === undefined ? {} : { interval: chrFInterval }) },
    disputed,
  };
}

function answersOf({ byPerson }: ItemLabel): string[] {
  return byPerson.flatMap(({ verdict, response }) => (verdict === 'accepted' ? [response ?? ''] : []));
}

/** The mean over pairs of answers to one item. Remembered, because a label that did not change is the same object. */
class PairMean {
  readonly #likeness: (a: string, b: string) => number;
  readonly #known = new WeakMap<ItemLabel, number>();

  constructor(likeness: (a: string, b: string) => number) {
    this.#likeness = likeness;
  }

  of(label: ItemLabel): number {
    const known = this.#known.get(label) ?? mean(pairs(answersOf(label)).map(([a, b]) => this.#likeness(a, b)));
    this.#known.set(label, known);
    return known;
  }
}

const knownWordF1 = new PairMean(wordF1);
const knownChrF = new PairMean((a, b) => (a === b ? 1 : (chrF(a, b) + chrF(b, a)) / 2));

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
