import { expect, test } from 'vitest';
import { javascriptKernel as kernel } from '../../src/math/javascript-kernel.ts';
import { seededRandom } from '../../src/math/random.ts';
import { type CoverageSources, coverageFigures, labelCounts } from '../../src/report/coverage-figures.ts';

const inRounds = (...sizes: readonly number[]) =>
  sizes.flatMap((size, index) => Array.from({ length: size }, () => ({ round: index + 1 })));

test('coverage is measured at the first label, at the last of each round, at all labels, and at about twenty counts in all', () => {
  expect(labelCounts(inRounds(1))).toEqual([1]);
  expect(labelCounts(inRounds(2, 1))).toEqual([1, 2, 3]);
  const counts = labelCounts(inRounds(500, 137, 363));
  expect(counts).toEqual(expect.arrayContaining([1, 500, 637, 1_000]));
  expect(counts).toEqual([...new Set(counts)].toSorted((a, b) => a - b));
  expect(counts.length).toBeGreaterThan(15);
  expect(counts.length).toBeLessThanOrEqual(23);
});

test('coverage of a large pool is measured on a sample, with a note', async () => {
  const rows = 30_000;
  const random = seededRandom(1);
  const data = Float32Array.from({ length: rows * 2 }, () => random.float());
  const labeled = Array.from({ length: 500 }, (_, position) => ({ position, round: 1 }));
  const sources = {
    labeled: labeled as unknown as CoverageSources['labeled'],
    vectors: { data, rows, columns: 2 },
    toCover: [...Array(rows).keys()],
    categories: { field: 'topic', count: 3, of: Array.from({ length: rows }, (_, position) => position % 3) },
    seed: 4,
    kernel,
  };
  const { figures, note } = await coverageFigures(sources);
  // 2 ** 26 distances of six curves to 500 labels each.
  expect(note).toBe('Coverage is measured on a random sample of 22,369 of 30,000 instructions.');
  expect(figures.sampled).toBe(22_369);
  const nearest = Array.from({ length: rows }, (_, row) => {
    let least = Number.POSITIVE_INFINITY;
    for (const { position } of labeled) {
      const [dx, dy] = [data[2 * row]! - data[2 * position]!, data[2 * row + 1]! - data[2 * position + 1]!];
      least = Math.min(least, dx * dx + dy * dy);
    }
    return Math.sqrt(least);
  });
  const { radius, meanDistance, categories } = figures.labels.at(-1)!;
  const largest = nearest.reduce((most, distance) => Math.max(most, distance), 0);
  const mean = nearest.reduce((sum, distance) => sum + distance, 0) / rows;
  expect(radius).toBeLessThanOrEqual(largest);
  expect(radius / largest).toBeGreaterThan(0.8);
  expect(meanDistance / mean).toBeCloseTo(1, 1);
  expect(categories).toBe(3);
  const few = await coverageFigures({ ...sources, labeled: sources.labeled.slice(0, 50) });
  expect([few.note, few.figures.sampled]).toEqual([undefined, null]);
});
