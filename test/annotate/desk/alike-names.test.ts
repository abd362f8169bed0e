import { describe, expect, it } from 'vitest';
import { lookOf } from '../../../src/annotate/desk/alike-names.ts';

describe('lookOf', () => {
  it.each([
    ['Ann', 'ann'],
    ['Ann', 'Апп'],
    ['Zoë', 'Zoe'],
    ['Ann B.', 'AnnB'],
    ['Bill', 'BiII'],
    ['Bill', 'Bi11'],
    ['Bo', 'B0'],
    ['Вера', 'Bepa'],
    ['НАТА', 'HATA'],
    ['Marnie', 'Mamie'],
    ['Ａｎｎ', 'Ann'],
    ['Owen', 'Ovven'],
    ['Иван', 'иван'],
    ['Straße', 'STRASSE'],
  ])('is the same for %j and %j', (one, other) => {
    expect(lookOf(one)).toBe(lookOf(other));
  });

  it.each([
    ['Ann', 'Anna'],
    ['Bo', 'Bob'],
    ['worker 1', 'worker 2'],
    ['李', '木'],
    ['Вера', 'Вероника'],
    ['👩‍🔬', '👩‍🚀'],
    ['!!', '??'],
  ])('differs for %j and %j', (one, other) => {
    expect(lookOf(one)).not.toBe(lookOf(other));
  });
});
