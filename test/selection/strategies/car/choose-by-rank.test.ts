import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseByRank } from '../../../../src/selection/strategies/car/choose-by-rank.ts';
import { hasDolly3k, readGolden } from '../../../math/dolly-3k.ts';

const ascending = (positions: readonly number[]) => [...positions].sort((a, b) => a - b);

describe("CaR's choice by rank", () => {
  it.skipIf(!hasDolly3k)('matches the reference', () => {
    const { scores, clusters, selected, n1, n2 } = readGolden<{
      scores: number[];
      clusters: number[];
      selected: number[];
      n1: number;
      n2: number;
    }>('car.json');
    const chosen = chooseByRank(scores, clusters, { top: n1, perCluster: n2 });
    expect(ascending(chosen)).toEqual(ascending(selected));
    expect(chosen.slice(0, n1).map((position) => scores[position])).toEqual(
      [...scores].sort((a, b) => b - a).slice(0, n1),
    );
  });

  it('picks the best overall, then the remaining best of each cluster', () => {
    const scores = [9, 8, 7, 1, 2, 3, 0];
    const clusters = [1, 1, 1, 0, 0, 2, 2];
    expect(chooseByRank(scores, clusters, { top: 2, perCluster: 1 })).toEqual([0, 1, 4, 5]);
    expect(chooseByRank(scores, clusters, { top: 1, perCluster: 2 })).toEqual([0, 4, 3, 1, 5, 6]);
    expect(chooseByRank(scores, clusters, { top: 0, perCluster: 1 })).toEqual([4, 0, 5]);
    expect(chooseByRank(scores, clusters, { top: 3, perCluster: 0 })).toEqual([0, 1, 2]);
  });

  it('gives ties to the lowest position', () => {
    expect(chooseByRank([5, 5, 5, 5], [1, 1, 0, 0], { top: 1, perCluster: 1 })).toEqual([0, 2]);
    const infinite = [-Infinity, Infinity, -Infinity, Infinity];
    expect(chooseByRank(infinite, [0, 0, 0, 0], { top: 4, perCluster: 0 })).toEqual([1, 3, 0, 2]);
  });

  it('chooses like a simple implementation of the rule', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 12 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(rows, fc.nat(70), fc.nat(4), (pairs, top, perCluster) => {
        const byRank = pairs.map(([score, cluster], position) => ({ score, cluster, position }));
        byRank.sort((a, b) => b.score - a.score || a.position - b.position);
        const wanted = byRank.slice(0, top);
        for (let cluster = 0; cluster <= 12; cluster += 1) {
          wanted.push(...byRank.filter((row) => row.cluster === cluster).slice(0, perCluster));
        }
        const expected = wanted.map(({ position }) => position);
        const distinct = expected.filter((position, index) => expected.indexOf(position) === index);
        const scores = Float64Array.from(pairs, ([score]) => score);
        const clusters = Int32Array.from(pairs, ([, cluster]) => cluster);
        expect(chooseByRank(scores, clusters, { top, perCluster })).toEqual(distinct);
      }),
    );
  });

  it('refuses rows without a score, lengths that differ, and invalid numbers', () => {
    expect(() => chooseByRank([1, Number.NaN], [0, 0], { top: 1, perCluster: 1 })).toThrow('Row 1 has no score');
    expect(() => chooseByRank([1, 2], [0], { top: 1, perCluster: 1 })).toThrow('there are 2 and 1');
    expect(() => chooseByRank([1], [0], { top: -1, perCluster: 1 })).toThrow(RangeError);
    expect(() => chooseByRank([1], [0], { top: 1, perCluster: 0.5 })).toThrow('0.5');
  });
});
