import { describe, expect, it } from 'vitest';
import { choosePenalty } from '../../../../src/selection/judges/expert/choose-penalty.ts';

const PAIRS = 50;
const PENALTIES = [3, 2, 1];

describe('choosing a penalty by nested cross-validation', () => {
  it('takes the one that is right most often, the first of equal ones', () => {
    const right = (penalty: number) => (penalty === 2 ? 1 : 0.5);
    const by = (rightOf: (penalty: number) => number) =>
      choosePenalty(PAIRS, PENALTIES, (_, held) =>
        PENALTIES.map((penalty) => held.map((fold) => fold.map(() => rightOf(penalty)))),
      );
    expect(by(right)).toEqual({ penalty: 2, outOfFold: Array(PAIRS).fill(1) });
    expect(by(() => 0.5).penalty).toBe(3);
  });

  it('never measures a pair by a fit or a choice that saw it', () => {
    const seen: { train: Set<number>; held: readonly number[] }[] = [];
    choosePenalty(PAIRS, PENALTIES, (train, held) => {
      for (const fold of held) {
        seen.push({ train: new Set(train), held: fold });
        expect(fold.some((pair) => train.includes(pair))).toBe(false);
      }
      return PENALTIES.map(() => held.map((fold) => fold.map(() => 1)));
    });
    // Ten fits without two folds, each measured on both, and five without one.
    expect(seen).toHaveLength(25);
    const whole = seen.filter(({ train }) => train.size === (PAIRS * 4) / 5);
    expect(whole.flatMap(({ held }) => held).sort((a, b) => a - b)).toEqual([...Array(PAIRS).keys()]);
  });

  it('gives no false figure where each penalty is right by chance in another fold', () => {
    // Penalty p is right in fold p alone: choosing on the other folds never finds it.
    let call = 0;
    const foldOf = new Map<string, number>();
    const { outOfFold } = choosePenalty(PAIRS, [0, 1, 2, 3, 4], (_, held) =>
      [0, 1, 2, 3, 4].map((penalty) =>
        held.map((fold) => {
          const key = fold.join();
          if (!foldOf.has(key)) foldOf.set(key, call++);
          return fold.map(() => (foldOf.get(key) === penalty ? 1 : 0));
        }),
      ),
    );
    expect(outOfFold.reduce((sum, right) => sum + right, 0)).toBe(0);
  });
});
