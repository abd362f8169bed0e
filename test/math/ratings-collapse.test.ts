import { describe, expect, it } from 'vitest';
import { ratingsCollapse } from '../../src/math/ratings-collapse.ts';

const ratings = (equal: number, others: number) => [
  ...Array.from({ length: equal }, () => 4.5),
  ...Array.from({ length: others }, (_, at) => at % 4),
];

describe('ratingsCollapse', () => {
  it('finds more than 80 % equal ratings, and says which and how many', () => {
    expect(ratingsCollapse(ratings(81, 19))).toEqual({ score: 4.5, share: 0.81, ratings: 100 });
    expect(ratingsCollapse([...ratings(81, 19)].reverse())).toEqual({ score: 4.5, share: 0.81, ratings: 100 });
    expect(ratingsCollapse(ratings(10, 0))).toEqual({ score: 4.5, share: 1, ratings: 10 });
  });

  it('finds nothing in 80 % equal ratings', () => {
    expect(ratingsCollapse(ratings(80, 20))).toBeUndefined();
    expect(ratingsCollapse([0, 1, 2, 3, 4, 5, 0, 1, 2, 3])).toBeUndefined();
  });

  it('finds nothing in fewer than ten ratings, however equal', () => {
    expect(ratingsCollapse(ratings(9, 0))).toBeUndefined();
    expect(ratingsCollapse([])).toBeUndefined();
  });

  it('takes expectations for equal that differ by less than people can tell', () => {
    const expectations = Array.from({ length: 20 }, (_, at) => 3 + (at - 10) / 1_000);
    expect(ratingsCollapse(expectations)).toEqual({ score: 3, share: 1, ratings: 20 });
    expect(ratingsCollapse(expectations.map((_, at) => 3 + at / 10))).toBeUndefined();
  });
});
