import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalLengthBatches } from '../../../src/models/embedders/equal-length-batches.ts';

describe('equalLengthBatches', () => {
  it('puts equal lengths together, longest first, ties in order', () => {
    expect(equalLengthBatches([3, 5, 3, 5, 2], 100)).toEqual([[1, 3], [0, 2], [4]]);
  });

  it('starts another batch when the tokens would be too many', () => {
    expect(equalLengthBatches([4, 4, 4, 4, 4], 9)).toEqual([[0, 1], [2, 3], [4]]);
  });

  it('gives a text that has more tokens than a batch may have a batch of its own', () => {
    expect(equalLengthBatches([20, 20, 1], 10)).toEqual([[0], [1], [2]]);
  });

  it('gives nothing for nothing', () => {
    expect(equalLengthBatches([], 10)).toEqual([]);
  });

  it('puts every position into one batch, of one length, within the limit, without splitting what fits', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: 12 })), fc.integer({ min: 1, max: 40 }), (lengths, maxTokens) => {
        const batches = equalLengthBatches(lengths, maxTokens);
        expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, position) => position));
        for (const batch of batches) {
          expect(new Set(batch.map((position) => lengths[position])).size).toBe(1);
          expect(batch.length === 1 || batch.length * lengths[batch[0]!]! <= maxTokens).toBe(true);
        }
        for (const length of new Set(lengths)) {
          const texts = lengths.filter((other) => other === length).length;
          const used = batches.filter((batch) => lengths[batch[0]!] === length).length;
          expect(used).toBe(Math.ceil(texts / Math.max(1, Math.floor(maxTokens / length))));
        }
      }),
    );
  });
});
