import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armStyles } from '../../../src/runs/simulate/arm-styles.ts';
import { curvesSvg, safeXmlText } from '../../../src/runs/simulate/curves-svg.ts';
import { METRICS } from '../../../src/runs/simulate/simulation-result.ts';
import { handMadeResult } from './hand-made-result.ts';

const count = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].length;
const BAND = /fill-opacity="0\.\d+"><path/g;
const BAR = /<g aria-label="rule" stroke="#\w+" stroke-width="1\.5"/g;
const TAG = /<(\/?)([a-zA-Z]+)((?:\s[\w:-]+="[^"<]*")*)(\/?)>/g;
/** Every opening tag has its closing tag, in order. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, slash, name, , closed] of svg.matchAll(TAG)) {
    if (slash) {
      if (open.pop() !== name) return false;
    } else if (!closed) open.push(name!);
  }
  const rest = svg.replace(TAG, '');
  return open.length === 0 && !rest.includes('<') && !/&(?!amp;|lt;|gt;|quot;)/.test(rest);
}

describe('learning curves', () => {
  it('have a chart for every metric that applies, with a curve for every arm', () => {
    const svg = curvesSvg(
      handMadeResult({ value: (_, budget, seed, metric) => (metric === 'exactMatch' ? null : budget + seed) }),
    );
    // The first nested one has the title and the legend.
    expect(count(svg, /<svg/g) - 2).toBe(METRICS.length - 1);
    expect(count(svg, /<path aria-label="k-means"/g)).toBe(METRICS.length - 1);
    expect(count(svg, />k-means, 200 labels: /g)).toBe(METRICS.length - 1);
    for (const text of [
      'ROUGE-L of answers',
      'Coverage radius (less is better)',
      'labels (log scale)',
      'mean F1',
      '>200<',
    ]) {
      expect(svg).toContain(text);
    }
    expect(isWellFormed(svg)).toBe(true);
  });

  it('contain no scripts and no links', () => {
    const svg = curvesSvg(
      handMadeResult({ arms: ['random', '<script>alert(1)</script>', '"/><image href="http://x"/>'] }),
    );
    expect(isWellFormed(svg)).toBe(true);
    const tags = [...svg.matchAll(TAG)];
    expect(new Set(tags.map(([, , name]) => name))).toEqual(
      new Set(['svg', 'title', 'desc', 'rect', 'text', 'g', 'path', 'circle', 'line']),
    );
    const attributes = tags.flatMap(([, , , all]) => [...all!.matchAll(/([\w:-]+)="/g)].map(([, name]) => name));
    expect(attributes.filter((name) => /^on|href|^style$/.test(name!))).toEqual([]);
    expect(svg).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('show intervals as bands, as bars for a single budget, and not for one seed', () => {
    expect(count(curvesSvg(handMadeResult()), /fill-opacity/g)).toBe(3 * METRICS.length);
    const single = curvesSvg(handMadeResult({ budgets: [100] }));
    expect(count(single, /fill-opacity/g)).toBe(0);
    expect(count(single, BAR)).toBe(3 * METRICS.length);
    const oneSeed = curvesSvg(handMadeResult({ seeds: [0] }));
    expect(oneSeed).toContain('One seed, no intervals');
    expect(count(oneSeed, BAND) + count(oneSeed, BAR)).toBe(0);
  });

  it('are drawn if all values are equal, or some or all cells are missing', () => {
    const results = [
      handMadeResult({ value: () => 0 }),
      handMadeResult({ seeds: [0], value: () => -0.5 }),
      handMadeResult({ value: (arm, budget) => (arm === 'random' || budget > 50 ? 0.5 : undefined) }),
      handMadeResult({ value: () => undefined }),
      handMadeResult({ budgets: [1, 2, 3, 5, 8, 13, 21, 34, 55, 89], seeds: [0, 1] }),
    ];
    for (const result of results) {
      const svg = curvesSvg(result);
      expect(isWellFormed(svg)).toBe(true);
      expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
    }
    expect(curvesSvg(results[3]!)).toContain('There are no results to draw.');
  });

  it('have distinct styles for more arms than there are strategies', () => {
    const names = Array.from({ length: 30 }, (_, index) => `arm ${index}`);
    const looks = [...armStyles(names, 'arm 3').values()].map(({ color, symbol, dash }) =>
      [color, symbol, dash].join(),
    );
    expect(new Set(looks).size).toBe(30);
    expect(armStyles(names, 'arm 3').get('arm 3')).toMatchObject({ color: '#000000', dash: '5 4' });
  });
});

describe('text in XML', () => {
  it('is well-formed after cleaning, and other characters are kept', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = safeXmlText(text);
        expect(safe).not.toMatch(/(?![\t\n\r])\p{Cc}/u);
        expect(safe.isWellFormed()).toBe(true);
      }),
    );
    expect(safeXmlText('a < b & "c"\u0000\ud800\u202e')).toBe('a < b & "c"\ufffd\ufffd\ufffd');
  });
});
