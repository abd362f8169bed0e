import { expect, test } from 'vitest';
import { collapseNote, sumRanges } from '../../src/campaign/judging.ts';

test('ranges add up, expected and worst, and none are nothing', () => {
  expect(sumRanges([])).toEqual({ expected: 0, worstCase: 0 });
  expect(
    sumRanges([
      { expected: 1, worstCase: 10 },
      { expected: 2, worstCase: 20 },
    ]),
  ).toEqual({ expected: 3, worstCase: 30 });
});

test('a judge that rates nearly everything alike is named with its numbers; one that does not is not', () => {
  expect(collapseNote('quality', undefined)).toEqual([]);
  const [note, ...more] = collapseNote('quality', { score: 4.5, share: 0.8765, ratings: 40 });
  expect(note).toContain('88 % of 40 quality ratings are 4.5');
  expect(more).toEqual([]);
});
