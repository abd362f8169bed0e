import { stripVTControlCharacters as plain } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderWrittenReport } from '../../../src/cli/output/render-report.ts';
import type { Headline } from '../../../src/report/report-data.ts';
import { EMPTY_REPORT } from '../../browser/report/empty-report.ts';

const shown = (headline: Partial<Headline>) =>
  plain(
    renderWrittenReport({ ...EMPTY_REPORT, headline: { ...EMPTY_REPORT.headline, ...headline } }, 'r.html', 999_600),
  );

describe('a written report', () => {
  it('says where it is and what is known already', () => {
    expect(shown({})).toBe(`Wrote the report of new to r.html (1.0 MB)
  labels  0 labeled of 0 picked in 0 rounds
  cost    $0.00 spent
  note  There is no map: nothing has been embedded yet.
`);
  });

  it('names two rates only on the same items, and where they read otherwise, with the interval of the last', () => {
    const rate = { on: 'pool', count: 237, interval: { low: 0.4, high: 0.6 }, change: null } as const;
    expect(shown({ failureRate: { ...rate, first: 0.976, last: 0.979 } })).toContain(
      'failures  98 % of the same 237 instructions of the pool (95 %: 40–60 %)\n',
    );
    expect(shown({ failureRate: { ...rate, first: 0.976, last: 0.5 } })).toContain('failures  98 % → 50 % of the same');
    expect(shown({ failureRate: { ...rate, on: 'test', first: null, last: 0.5 } })).toContain(
      'failures  50 % of 237 test items (95 %: 40–60 %)\n',
    );
  });

  it('tells a gain beside the score that it is of', () => {
    const scores = { heldOutScore: 6.97, testScore: 4.78, gain: 0.53 };
    const tested = shown({ ...scores, gainOn: 'test' });
    expect(tested).toContain('  held-out  6.97\n');
    expect(tested).toContain('  test set  4.78; +0.53 over the previous model, on the same items\n');
    const held = shown({ ...scores, testScore: null, gainOn: 'held-out' });
    expect(held).toContain('  held-out  6.97; +0.53 over the previous model, on the same items\n');
    expect(held).not.toContain('test set');
    const gainFigure = { count: 30, mean: 0.53, interval: { low: -0.1, high: 1.16 } };
    expect(shown({ ...scores, gainOn: 'test', gainFigure })).toContain(
      '4.78; +0.53 (95 %: −0.10 to +1.16) over the previous model',
    );
  });

  it('has a price of a label only where something was paid', () => {
    expect(shown({ microUsdPerUsefulLabel: 0, reservedMicroUsd: 90_000_000 })).toMatch(
      /\$0\.00 spent, \$90\.00 set aside\n/,
    );
    expect(shown({ microUsdPerUsefulLabel: 500_000, spentMicroUsd: 1_000_000 })).toContain(
      '$1.00 spent; $0.50 per useful label\n',
    );
  });
});
