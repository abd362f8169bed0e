import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeVotes, type Vote, voteAgreement } from '../../../../src/selection/strategies/select-llm/merge-votes.ts';

/** A vote for these positions, best first; reasons tell the vote by its name. */
function vote(name: string, ...positions: number[]): Vote {
  return positions.map((position) => ({ position, reason: `${name} on ${position}` }));
}

describe('mergeVotes', () => {
  it('keeps a single vote as it is, with falling scores', () => {
    expect(mergeVotes([vote('a', 9, 2, 5)], 3)).toEqual([
      { position: 9, score: 1, reason: 'a on 9' },
      { position: 2, score: 2 / 3, reason: 'a on 2' },
      { position: 5, score: 1 / 3, reason: 'a on 5' },
    ]);
  });

  it('gives m points to the best of a vote, m − 1 to the next', () => {
    // 1: 3 + 2 = 5, 2: 2 + 3 = 5, 3: 1, 4: 1. Of 6 possible points.
    const merged = mergeVotes([vote('a', 1, 2, 3), vote('b', 2, 1, 4)], 3);
    expect(merged).toEqual([
      { position: 1, score: 5 / 6, reason: 'a on 1' },
      { position: 2, score: 5 / 6, reason: 'b on 2' },
      { position: 3, score: 1 / 6, reason: 'a on 3' },
    ]);
  });

  it('breaks ties by the number of votes, then by the lower position', () => {
    // 8: 2 (one vote), 5: 1 + 1 (two votes), 3: 2 (one vote).
    const votes = [vote('a', 8, 5), vote('b', 3, 5)];
    expect(mergeVotes(votes, 2).map(({ position }) => position)).toEqual([5, 3]);
  });

  it('uses the reason of the vote that ranked it highest, the first of equals', () => {
    const votes = [vote('a', 1, 2), vote('b', 2, 1), vote('c', 2, 1)];
    expect(mergeVotes(votes, 2).map(({ reason }) => reason)).toEqual(['b on 2', 'a on 1']);
  });

  it('gives the count of distinct picks with falling scores in (0, 1], for any order of the votes', () => {
    const votes = fc.integer({ min: 1, max: 6 }).chain((picks) =>
      fc.tuple(
        fc.constant(picks),
        fc.array(fc.uniqueArray(fc.nat({ max: 12 }), { minLength: picks, maxLength: picks }), {
          minLength: 1,
          maxLength: 5,
        }),
      ),
    );
    fc.assert(
      fc.property(votes, ([picks, chosen]) => {
        const merged = mergeVotes(
          chosen.map((positions) => vote('a', ...positions)),
          picks,
        );
        expect(new Set(merged.map(({ position }) => position)).size).toBe(picks);
        const scores = merged.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
        expect(Math.min(...scores)).toBeGreaterThan(0);
        expect(Math.max(...scores)).toBeLessThanOrEqual(1);
        const reversed = mergeVotes(chosen.map((positions) => vote('a', ...positions)).reverse(), picks);
        expect(reversed).toEqual(merged);
      }),
    );
  });
});

describe('voteAgreement', () => {
  it('is the mean share of choices two votes have in common', () => {
    expect(voteAgreement([vote('a', 1, 2), vote('b', 2, 1)])).toBe(1);
    expect(voteAgreement([vote('a', 1, 2), vote('b', 3, 4)])).toBe(0);
    // Of the three pairs: 1/2, 0/2, 1/2.
    expect(voteAgreement([vote('a', 1, 2), vote('b', 2, 3), vote('c', 3, 4)])).toBeCloseTo(1 / 3);
  });

  it('is not defined for fewer than two votes', () => {
    expect(voteAgreement([vote('a', 1)])).toBeUndefined();
    expect(voteAgreement([])).toBeUndefined();
  });
});
