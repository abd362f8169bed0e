import { describe, expect, it } from 'vitest';
import { halfToNumber } from '../../../src/models/embedders/half-float.ts';

describe('halfToNumber', () => {
  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x03ff, 1023 * 2 ** -24],
    [0x0001, 2 ** -24],
    [0x0000, 0],
    [0x8000, -0],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('understands 0x%s as %s', (bits, value) => {
    expect(halfToNumber(bits)).toBe(value);
  });

  it('grows with the bits, for all positive numbers', () => {
    for (let bits = 1; bits <= 0x7c00; bits += 1) expect(halfToNumber(bits)).toBeGreaterThan(halfToNumber(bits - 1));
  });
});
