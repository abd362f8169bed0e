import { seededRandom } from '../../../math/random.ts';

const FOLDS = 5;

/** A choice by cross-validation, and what it is worth on pairs that had no part in it. */
export interface ChosenPenalty {
  /** Right most often over all folds. */
  readonly penalty: number;
  /** For each pair, by a fit and a choice of penalty that never saw it: 1 right, ½ equal scores, 0 wrong. */
  readonly outOfFold: readonly number[];
}

/**
 * Chooses a penalty by five-fold cross-validation over all pairs, and measures the whole procedure by nested
 * cross-validation: for each fold the penalty is chosen on the other four alone, by fits that leave out one of them too.
 * Equal scores count half; of equally good penalties the first is used. 15 fits for each penalty.
 * @param count of pairs
 * @param rightOf fits to `train` with every penalty and tells for each pair of `held` how right it is; per penalty
 */
export function choosePenalty(
  count: number,
  penalties: readonly number[],
  rightOf: (
    train: readonly number[],
    held: readonly (readonly number[])[],
  ) => readonly (readonly (readonly number[])[])[],
  seed = 0,
): ChosenPenalty {
  const dealt = seededRandom(seed, 'expert-scorer').shuffle(Array.from({ length: count }, (_, pair) => pair));
  const folds = Array.from({ length: FOLDS }, (_, fold) =>
    dealt.filter((_, place) => place % FOLDS === fold).sort((a, b) => a - b),
  );
  const without = (left: readonly number[]) =>
    folds.flatMap((fold, index) => (left.includes(index) ? [] : fold)).sort((a, b) => a - b);
  const sums = new Map<string, number>();
  const sumOf = (outer: number, penalty: number) => sums.get(`${outer} ${penalty}`) ?? 0;
  const add = (outer: number, penalty: number, right: readonly number[]) =>
    sums.set(`${outer} ${penalty}`, sumOf(outer, penalty) + total(right));
  for (let a = 0; a < FOLDS; a += 1) {
    for (let b = a + 1; b < FOLDS; b += 1) {
      // One fit without both folds serves the choice for either of them.
      for (const [p, [ofA, ofB]] of rightOf(without([a, b]), [folds[a]!, folds[b]!]).entries()) {
        add(a, p, ofB!);
        add(b, p, ofA!);
      }
    }
  }
  const outOfFold = new Array<number>(count).fill(0);
  const overall = penalties.map(() => 0);
  for (const [outer, fold] of folds.entries()) {
    const right = rightOf(without([outer]), [fold]).map(([held]) => held!);
    for (const [p, held] of right.entries()) overall[p]! += total(held);
    const chosen = best(penalties.map((_, p) => sumOf(outer, p)));
    for (const [i, pair] of fold.entries()) outOfFold[pair] = right[chosen]![i]!;
  }
  return { penalty: penalties[best(overall)]!, outOfFold };
}

function best(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
