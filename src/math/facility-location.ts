import { setImmediate } from 'node:timers/promises';
import type { OnProgress } from '../domain/progress.ts';
import { cutRows } from '../engine/shards.ts';
import { CoveredRows } from './covered-rows.ts';
import { type EmbeddingMatrix, rowsIn } from './embedding-matrix.ts';
import { facilityLocationSample, movePicks } from './facility-location-sample.ts';
import { assertCount } from './largest-positions.ts';
import { LazyGains } from './lazy-gains.ts';
import { relativeWeights } from './relative-weights.ts';
import { COLUMNS_PER_PRODUCT, SimilarityColumns, type SimilarityOptions } from './similarity-columns.ts';

/** Of more rows a sample stands for all. */
export const MOST_ROWS_LOCATED = 50_000;

export interface FacilityLocationOptions extends SimilarityOptions {
  /** `f × d`: rows that are chosen already. */
  readonly existing?: EmbeddingMatrix;
  /** Length n, > 0: how much it matters that each row is covered; only ratios count. Absent: all alike. */
  readonly weights?: Float64Array;
  /** Length n, each in [0, 1]: how good each row is. Only with `qualityWeight`. */
  readonly quality?: Float64Array;
  /** α ≥ 0: what a mean quality of 1 is worth beside a coverage of 1. Only with `quality`. */
  readonly qualityWeight?: number;
  /** Length n, > 0: what picking each row costs, such as minutes. The one that gains most for its cost is picked. */
  readonly costs?: Float64Array;
  /** Length n: 1 where a row may be picked, 0 where it is only there to be covered. Absent: all may. */
  readonly eligible?: Uint8Array;
  /** For tests: see `LazyGainsOptions`. */
  readonly keptCosines?: number;
  /** For tests: see `LazyGainsOptions`. */
  readonly keptPairs?: number;
  /** For tests: of more rows than these only a sample is looked at, of `sampleRows`. */
  readonly mostRows?: number;
  readonly sampleRows?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface FacilityLocationResult {
  /** Length `count`: positions in the order they were picked, all different. */
  readonly order: Int32Array;
  /** Length `count`: by how much each raised the coverage, plus α · its quality / count; falling, ≥ 0. */
  readonly gains: Float64Array;
  /** The weighted mean similarity of a row to the chosen one most like it, 0–1; 0 where nothing is chosen. Without quality. */
  readonly coverage: number;
}

/**
 * Greedy facility location: picks again and again the row that adds most to Σᵢ wᵢ · max over chosen j of
 * sim(i, j), with sim = (1 + cos) / 2, that is 1 − |xᵢ − xⱼ|² / 4 for unit vectors. So it makes the mean
 * squared distance to the nearest chosen row small, where k-center looks at the largest distance only.
 * (Cosines clipped at 0 differ from it only in rows that nothing chosen is like.) What it gains is at least
 * 1 − 1/e, 63 %, of the most that `count` rows can gain.
 *
 * Lazily, which gives the picks of the plain greedy algorithm, ties included: the gain of a row only falls
 * while others are picked (in floating point too: it is one sum, always in the same order), so an old gain
 * is an upper bound, and so is what `GainBounds` keeps up for all rows at once; only rows whose bound is on
 * top are looked at again. Ties go to the lowest position. A row that adds nothing, such as a duplicate of a
 * chosen one, is picked only when nothing else is left. Rows of any length are compared by direction; a row
 * of zeros has none, and covers nothing.
 *
 * With `costs` the row with the largest gain / cost is picked (cost-effective lazy forward selection, Leskovec et al.
 * 2007); gains are told without the cost, so they need not fall.
 *
 * Rows that are not `eligible` are covered like all others, and count in the coverage, but are never picked.
 * With `quality` the row j gains α · quality_j / `count` more with any other picks, and the whole is the
 * coverage plus α times the mean quality of the picks: the bound of 63 % holds for that.
 *
 * Deterministic for one kernel and any number of threads or workers; another kernel's float32
 * products may decide near ties otherwise. No n × n table: every row is compared with every other some 2–4
 * times in all, most of that for the first 50 picks, and then with 64 others every few picks.
 * O(n²·d + n·count·d); memory beside the rows: 128 MB of columns, 256 MB of close pairs and 16 MB of products
 * at most, for any n.
 *
 * Of more than 50,000 rows only a sample of 20 for each pick, at least 20,000, is looked at, see `facilityLocationSample`:
 * gains and coverage are those of the sample. Where rows have neither quality nor costs and all are eligible, each pick then
 * moves to the row of the whole pool that is most like the rows it covers.
 *
 * Source: Lin & Bilmes 2011 (facility location for selection); Nemhauser, Wolsey & Fisher 1978 and Krause &
 * Golovin 2014 (greedy, 1 − 1/e); Minoux 1978 (lazy); QDIT, Bukharin & Zhao 2023, arXiv 2311.14736 (quality,
 * there as (1 − α) · coverage + α · quality).
 * @param x `n × d`
 * @throws WinnowError `COUNT_OUT_OF_RANGE` when count is above the number of eligible rows
 * @throws RangeError when there is not one `eligible` per row, or a weight is not above 0, see `relativeWeights`; see `qualityBonus`
 */
export async function facilityLocation(
  x: EmbeddingMatrix,
  count: number,
  options: FacilityLocationOptions,
): Promise<FacilityLocationResult> {
  const { eligible, weights, costs, quality, qualityWeight, mostRows = MOST_ROWS_LOCATED } = options;
  assertCount(eligible ? 'eligible rows' : 'rows', count, 0, eligible ? countEligible(eligible, x.rows) : x.rows);
  relativeWeights(weights, x.rows);
  checkCosts(costs, x.rows);
  qualityBonus(quality, qualityWeight, x.rows, count);
  const sample = x.rows > mostRows ? facilityLocationSample(x, count, options) : undefined;
  if (sample === undefined) return greedyFacilityLocation(x, count, options);
  const { order, ...found } = await greedyFacilityLocation(sample.x, count, sample.options);
  const picked = order.map((row) => sample.rows[row]!);
  const mayMove = quality === undefined && costs === undefined && eligible === undefined;
  return { ...found, order: mayMove ? await movePicks(x, picked, options) : picked };
}

async function greedyFacilityLocation(
  x: EmbeddingMatrix,
  count: number,
  options: FacilityLocationOptions,
): Promise<FacilityLocationResult> {
  const { existing, eligible, signal, onProgress } = options;
  const weights = relativeWeights(options.weights, x.rows) ?? new Float64Array(x.rows).fill(1);
  const similarities = new SimilarityColumns(x, options);
  const covered = new CoveredRows(weights);
  for (const range of cutRows(existing?.rows ?? 0, COLUMNS_PER_PRODUCT)) {
    signal?.throwIfAborted();
    await similarities.ofOthers(rowsIn(existing!, range), (shard) => covered.chooseAll(shard));
  }

  const { keptCosines, keptPairs } = options;
  const shareOfBonus = qualityBonus(options.quality, options.qualityWeight, x.rows, count);
  const bonus = shareOfBonus.map((share) => share * covered.largestGain);
  const gains = new LazyGains(similarities, covered, {
    bonus,
    eligible,
    costs: options.costs,
    keptCosines,
    keptPairs,
  });
  const order = new Int32Array(count);
  const shares = new Float64Array(count);
  for (let picked = 0; picked < count; picked += 1) {
    // Where all columns are kept there is no product to wait for, and other work would get no turn.
    await setImmediate();
    signal?.throwIfAborted();
    const best = await gains.best(() => {
      signal?.throwIfAborted();
      onProgress?.({ phase: 'cover', done: picked, total: count });
    });
    order[picked] = best.row;
    shares[picked] = best.gain / covered.largestGain;
    await gains.choose(best.row);
  }
  onProgress?.({ phase: 'cover', done: count, total: count });
  return { order, gains: shares, coverage: covered.mean() };
}

/** @throws RangeError unless there is one per row, above 0 */
function checkCosts(costs: Float64Array | undefined, rows: number): void {
  if (costs === undefined) return;
  if (costs.length !== rows) throw new RangeError(`costs has ${costs.length} entries; expected ${rows}.`);
  const unusable = costs.findIndex((cost) => !(cost > 0 && Number.isFinite(cost)));
  if (unusable >= 0) throw new RangeError(`The cost of row ${unusable} is ${costs[unusable]}: it must be above 0.`);
}

function countEligible(eligible: Uint8Array, rows: number): number {
  if (eligible.length !== rows) throw new RangeError(`eligible has ${eligible.length} entries; expected ${rows}.`);
  return eligible.reduce((count, flag) => count + (flag === 0 ? 0 : 1), 0);
}

/**
 * What the quality of each row adds to the objective of facility location: with coverage as the mean
 * similarity, 0–1, the row j of `count` picks adds weight · quality_j / count, so that all picks together add
 * weight · their mean quality. Modular: what a row adds does not depend on the others.
 * @param quality length n, each in [0, 1]; absent together with `weight`: nothing
 * @param weight ≥ 0
 * @returns length n, as shares of the largest possible coverage
 * @throws RangeError when only one of them is given, a quality is not in [0, 1] or there is not one per row,
 *   or the weight is negative or not finite
 */
export function qualityBonus(
  quality: Float64Array | undefined,
  weight: number | undefined,
  rows: number,
  count: number,
): Float64Array {
  if (quality === undefined && weight === undefined) return new Float64Array(rows);
  if (quality === undefined) throw new RangeError(`There is a quality weight, ${weight}, but no quality of any row.`);
  if (weight === undefined) throw new RangeError('There is a quality of every row, but no quality weight.');
  if (!(weight >= 0 && Number.isFinite(weight))) {
    throw new RangeError(`The quality weight is ${weight}: it must be finite and 0 or more.`);
  }
  if (quality.length !== rows) throw new RangeError(`There are ${quality.length} qualities for ${rows} rows.`);
  const unusable = quality.findIndex((value) => !(value >= 0 && value <= 1));
  if (unusable >= 0) {
    throw new RangeError(`The quality of row ${unusable} is ${quality[unusable]}: it must be from 0 to 1.`);
  }
  return quality.map((value) => (count === 0 ? 0 : (weight * value) / count));
}
