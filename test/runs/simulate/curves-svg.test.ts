import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armStyles } from '../../../src/runs/simulate/arm-styles.ts';
import { curvesSvg } from '../../../src/runs/simulate/curves-svg.ts';
import { METRICS } from '../../../src/runs/simulate/simulation-result.ts';
import { escapeXml } from '../../../src/runs/simulate/svg-markup.ts';
import { handMadeResult } from './hand-made-result.ts';

const count = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].length;
const TAG = /<(\/?)([a-zA-Z]+)((?:\s[\w:-]+="[^"<]*")*)(\/?)>/g;
/** Every opening tag has its end, in order. */
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

describe('the drawn curves', () => {
  it('have a panel for every metric that applies, and a curve in it for every arm', () => {
    const svg = curvesSvg(
      handMadeResult({ value: (_, budget, seed, metric) => (metric === 'exactMatch' ? null : budget + seed) }),
    );
    expect(count(svg, /<clipPath/g)).toBe(METRICS.length - 1);
    expect(count(svg, /data-arm="k-means"/g)).toBe(METRICS.length - 1);
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

  it('hold nothing that runs or is fetched', () => {
    const svg = curvesSvg(
      handMadeResult({ arms: ['random', '<script>alert(1)</script>', '"/><image href="http://x"/>'] }),
    );
    expect(isWellFormed(svg)).toBe(true);
    const tags = [...svg.matchAll(TAG)];
    expect(new Set(tags.map(([, , name]) => name))).toEqual(
      new Set(['svg', 'title', 'desc', 'rect', 'text', 'g', 'path', 'clipPath']),
    );
    const attributes = tags.flatMap(([, , , all]) => [...all!.matchAll(/([\w:-]+)="/g)].map(([, name]) => name));
    expect(attributes.filter((name) => /^on|href|^style$/.test(name!))).toEqual([]);
    expect(svg).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('show intervals as bands, as bars at a single budget, and none for one seed', () => {
    expect(count(curvesSvg(handMadeResult()), /fill-opacity/g)).toBe(3 * METRICS.length);
    const single = curvesSvg(handMadeResult({ budgets: [100] }));
    expect(count(single, /fill-opacity/g)).toBe(0);
    expect(count(single, /h8M/g)).toBe(3 * METRICS.length);
    const oneSeed = curvesSvg(handMadeResult({ seeds: [0] }));
    expect(oneSeed).toContain('One seed, no intervals');
    expect(count(oneSeed, /fill-opacity="0\.\d+" d=|h8M/g)).toBe(0);
  });

  it('are drawn where all values are equal, some cells are missing, or all are', () => {
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
    expect(curvesSvg(results[3]!)).toContain('No cell could be made.');
  });

  it('tell more arms apart than there are strategies', () => {
    const names = Array.from({ length: 30 }, (_, index) => `arm ${index}`);
    const looks = [...armStyles(names, 'arm 3').values()].map(({ color, marker, dashes }) =>
      [color, marker.draw.toString(), dashes].join(),
    );
    expect(new Set(looks).size).toBe(30);
    expect(armStyles(names, 'arm 3').get('arm 3')).toMatchObject({ color: '#000000', dashes: '5 4' });
  });
});

describe('text in XML', () => {
  it('is well-formed whatever it was, and comes back where XML can hold it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeXml(text);
        expect(escaped).not.toMatch(/[<>"]|&(?!amp;|lt;|gt;|quot;)|(?![\t\n\r])\p{Cc}/u);
        expect(escaped.isWellFormed()).toBe(true);
      }),
    );
    expect(escapeXml('a < b & "c"\u0000\ud800\u202e')).toBe('a &lt; b &amp; &quot;c&quot;\ufffd\ufffd\ufffd');
  });
});
