import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bar, FULL, gauge, HALF } from '../../../src/cli/output/bar.ts';

describe('a bar', () => {
  it('is as long as its share, to an eighth of a character', () => {
    expect(bar(0.5, 10)).toBe('█████');
    expect(bar(0.55, 10)).toBe('█████▌');
    expect(bar(1, 10)).toBe('██████████');
  });

  it('is there where anything is, and not where nothing is', () => {
    expect(bar(0.000_01, 10)).toBe('▏');
    expect(bar(0, 10)).toBe('');
  });

  it('never leaves its columns', () => {
    expect(bar(7, 10)).toBe('██████████');
  });
});

describe('a gauge', () => {
  const parts = (used: number, held: number) => [
    { share: used, sign: FULL },
    { share: held, sign: HALF },
  ];

  it('shows the parts of a whole and what is left of it', () => {
    expect(gauge(parts(0.5, 0.2), 10)).toBe('█████▒▒░░░');
    expect(gauge([], 5)).toBe('░░░░░');
  });

  it('shows every part that is there, and looks whole only where it is', () => {
    expect(gauge(parts(0.001, 0.001), 10)).toBe('█▒░░░░░░░░');
    expect(gauge(parts(0.99, 0.001), 10)).toBe('█████████░');
    expect(gauge(parts(0.5, 0.5), 10)).toBe('█████▒▒▒▒▒');
  });

  it('is always as wide as it is to be', () => {
    const share = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.integer({ min: 4, max: 40 }), (used, held, columns) => {
        expect(gauge(parts(used, held), columns)).toHaveLength(columns);
      }),
    );
  });
});
