import { type Coverage, coverageCurve } from '../math/coverage.ts';
import { type EmbeddingMatrix, takeRows } from '../math/embedding-matrix.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import { seededRandom } from '../math/random.ts';
import { mean } from '../math/statistics.ts';
import type { CoverageFigures, Spread } from './pool-figures.ts';
import type { PickFacts } from './report-facts.ts';

/** Number of random picks that the labels are compared with. */
const DRAWS = 5;
const SIZES = 20;
/** Limit of distances of all curves together: about 2 s for 384 columns. A larger pool is sampled. */
const MOST_DISTANCES = 2 ** 26;
const FEWEST_SAMPLED_ROWS = 2_000;

export interface CoverageSources {
  /** In the order they were picked; at least one. */
  readonly labeled: readonly PickFacts[];
  /** `n × d`, by position. */
  readonly vectors: EmbeddingMatrix;
  /** Positions to cover, including the labeled ones; random picks are drawn from these. Ascending. */
  readonly toCover: readonly number[];
  readonly categories: {
    readonly field: string;
    readonly count: number;
    /** By position; undefined if an item has none. */
    readonly of: readonly (string | number | undefined)[];
  };
  readonly seed: number;
  readonly kernel: MatrixKernel;
  readonly signal?: AbortSignal | undefined;
}

/** How well the labels cover the pool, for a growing number of them, compared with random picks of the same size. */
export async function coverageFigures(
  sources: CoverageSources,
): Promise<{ readonly figures: CoverageFigures; readonly note?: string }> {
  const { labeled, vectors, toCover, categories, seed } = sources;
  const sizes = labelCounts(labeled);
  const sample = sampleToCover(toCover, labeled.length, seed);
  const rows = sample.length === vectors.rows ? vectors : takeRows(vectors, sample);
  const curve = async (order: readonly number[]) => {
    const centers = takeRows(vectors, order);
    const covered = await coverageCurve(rows, centers, sizes, sources);
    return { covered, categories: categoriesCovered(order, sizes, categories.of) };
  };
  const own = await curve(labeled.map(({ position }) => position));
  const draws: Curve[] = [];
  for (let draw = 0; draw < DRAWS; draw += 1) {
    draws.push(await curve(seededRandom(seed, 'coverage', draw).shuffle(toCover).slice(0, labeled.length)));
  }
  const isSample = sample.length < toCover.length;
  const figures: CoverageFigures = {
    categoryField: categories.field,
    categories: categories.count,
    labels: sizes.map((count, size) => ({ count, ...own.covered[size]!, categories: own.categories[size]! })),
    random: sizes.map((count, size) => ({
      count,
      radius: spreadOf(draws.map(({ covered }) => covered[size]!.radius)),
      meanDistance: spreadOf(draws.map(({ covered }) => covered[size]!.meanDistance)),
      categories: spreadOf(draws.map((drawn) => drawn.categories[size]!)),
    })),
    draws: DRAWS,
    sampled: isSample ? sample.length : null,
  };
  return isSample ? { figures, note: sampleNote(sample.length, toCover.length) } : { figures };
}

interface Curve {
  readonly covered: readonly Coverage[];
  readonly categories: readonly number[];
}

function sampleNote(sampled: number, instructions: number): string {
  const [some, all] = [sampled, instructions].map((count) => count.toLocaleString('en-US'));
  return `Coverage is measured on a random sample of ${some} of ${all} instructions.`;
}

/** About twenty numbers of labels: 1, the last of each round, all of them, and steps of equal ratio between these. */
export function labelCounts(labeled: readonly Pick<PickFacts, 'round'>[]): number[] {
  const all = labeled.length;
  const counts = new Set([1, all]);
  for (const [index, { round }] of labeled.entries()) {
    if (labeled[index + 1] !== undefined && labeled[index + 1]!.round !== round) counts.add(index + 1);
  }
  for (let step = 1; step < SIZES; step += 1) counts.add(Math.round(all ** (step / SIZES)));
  return [...counts].sort((a, b) => a - b);
}

/** The positions whose distances are measured, ascending. */
function sampleToCover(toCover: readonly number[], labels: number, seed: number): readonly number[] {
  const most = Math.max(FEWEST_SAMPLED_ROWS, Math.floor(MOST_DISTANCES / labels / (DRAWS + 1)));
  if (toCover.length <= most) return toCover;
  const drawn = seededRandom(seed, 'coverage sample').shuffle(toCover).slice(0, most);
  return drawn.sort((a, b) => a - b);
}

function categoriesCovered(
  order: readonly number[],
  sizes: readonly number[],
  categoryOf: CoverageSources['categories']['of'],
): number[] {
  const seen = new Set<string | number>();
  const covered: number[] = [];
  for (const [index, position] of order.entries()) {
    const category = categoryOf[position];
    if (category !== undefined) seen.add(category);
    if (index + 1 === sizes[covered.length]) covered.push(seen.size);
  }
  return covered;
}

function spreadOf(values: readonly number[]): Spread {
  return { mean: mean(values), low: Math.min(...values), high: Math.max(...values) };
}
