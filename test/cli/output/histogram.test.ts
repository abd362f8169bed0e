import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderHistogram } from '../../../src/cli/output/histogram.ts';

const lines = (rows: Parameters<typeof renderHistogram>[0], width: number) => renderHistogram(rows, width).split('\n');

describe('renderHistogram', () => {
  it('draws a bar a row, as long as its count, beside count and share', () => {
    const rows = [
      { label: '4', count: 1000 },
      { label: '3.5', count: 500 },
      { label: '2', count: 1 },
      { label: '1', count: 0 },
    ];
    expect(lines(rows, 40)).toEqual([
      '    4  ████████████████████  1,000  67 %',
      '  3.5  ██████████              500  33 %',
      '    2  ▏                         1  <1 %',
      '    1                            0   0 %',
    ]);
  });

  it('rounds neither to nothing nor to all', () => {
    const [most, least] = lines(
      [
        { label: 'a', count: 9999 },
        { label: 'b', count: 1 },
      ],
      80,
    );
    expect(most).toMatch(/>99 %$/);
    expect(least).toMatch(/▏ +1 +<1 %$/);
  });

  it('fits into 80 columns, every line equally long', () => {
    const row = fc.record({ label: fc.constantFrom('1', '4.5 – 5.0', '-20 – -10'), count: fc.nat(10_000_000) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), fc.integer({ min: 50, max: 200 }), (rows, width) => {
        const lengths = new Set(lines(rows, width).map((line) => [...line].length));
        expect(lengths.size).toBe(1);
        expect([...lengths][0]).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('draws nothing of nothing', () => {
    expect(lines([{ label: 'a', count: 0 }], 80)[0]).toMatch(/^ {2}a +0 {2}0 %$/);
  });
});
