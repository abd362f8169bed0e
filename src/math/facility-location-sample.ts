import { type EmbeddingMatrix, stackRows, takeRows, unitRows } from './embedding-matrix.ts';
import { squaredNorms } from './exact-distance.ts';
import { largestPositions } from './largest-positions.ts';
import type { MatrixKernel } from './matrix-kernel.ts';
import { seededRandom } from './random.ts';

/** Rows of a sample for each pick, and how many there are at least and at most. */
const ROWS_PER_PICK = 20;
const FEWEST_ROWS = 20_000;
const MOST_ROWS = 50_000;
/** Weight of rows that are there to be picked, and hardly to be covered. */
const CANDIDATE_WEIGHT = 1e-6;

/** What a sample has to keep of the options of facility location. Length n each, by position. */
export interface RowOptions {
  readonly weights?: Float64Array;
  readonly quality?: Float64Array;
  readonly costs?: Float64Array;
  readonly eligible?: Uint8Array;
  /** Default: 20 for each pick, from 20,000 to 50,000. */
  readonly sampleRows?: number;
}

/** Some rows of a pool, for facility location among them alone. */
export interface FacilityLocationSample<Options extends RowOptions> {
  /** Positions in the pool, ascending. */
  readonly rows: Int32Array;
  readonly x: EmbeddingMatrix;
  /** Those of the pool, for these rows. */
  readonly options: Options;
}

/**
 * Rows that stand for a large pool: drawn evenly; they keep their weights. Where rows have a quality or
 * cost something, or not all may be picked, half as many of the best, cheapest or eligible ones come with them as candidates.
 * By Hoeffding's inequality and the union bound over all sets of `count` rows the mean similarity of any picks differs
 * between m drawn rows and the pool by ε = √((count · ln n + ln 20) / 2m) at most, with a probability of .95; in practice
 * by far less.
 * @returns undefined where the sample would be as large as the pool
 */
export function facilityLocationSample<Options extends RowOptions>(
  x: EmbeddingMatrix,
  count: number,
  options: Options,
): FacilityLocationSample<Options> | undefined {
  const { weights, quality, costs, eligible, sampleRows } = options;
  const most = sampleRows ?? Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, ROWS_PER_PICK * count));
  const size = Math.max(most, 2 * count);
  if (size >= x.rows) return undefined;
  const random = seededRandom(0, 'facility location');
  const shuffled = random.shuffle(Array.from({ length: x.rows }, (_, row) => row));
  const drawn = new Set(shuffled.slice(0, size));
  const isFree = (row: number) => !drawn.has(row) && eligible?.[row] !== 0;
  const worth = quality ?? costs?.map((cost) => -cost) ?? (eligible && new Float64Array(x.rows));
  const candidates = worth ? largestPositions(worth, Math.ceil(size / 2), isFree) : [];
  const rows = Int32Array.from([...drawn, ...candidates]).sort();
  const ofRows = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  return {
    rows,
    x: takeRows(x, rows),
    options: {
      ...options,
      ...(weights || candidates.length > 0
        ? { weights: Float64Array.from(rows, (row) => (weights?.[row] ?? 1) * (drawn.has(row) ? 1 : CANDIDATE_WEIGHT)) }
        : {}),
      ...(quality ? { quality: ofRows(quality) } : {}),
      ...(costs ? { costs: ofRows(costs) } : {}),
      ...(eligible ? { eligible: Uint8Array.from(rows, (row) => eligible[row]!) } : {}),
    },
  };
}

/**
 * Moves each pick to the row of the whole pool that is most like the rows it covers, which never lowers the coverage.
 * O(n·count·d).
 * @param order positions of the picks
 * @param existing `f × d`: rows that cover too and stay
 * @returns as many positions, all different
 */
export async function movePicks(
  x: EmbeddingMatrix,
  order: Int32Array,
  {
    kernel,
    existing,
    weights,
    signal,
  }: Pick<RowOptions, 'weights'> & {
    readonly kernel: MatrixKernel;
    readonly existing?: EmbeddingMatrix;
    readonly signal?: AbortSignal;
  },
): Promise<Int32Array> {
  signal?.throwIfAborted();
  const unit = toUnit(x);
  const picks = takeRows(unit, order);
  const { center } = await kernel.nearest(unit, existing ? stackRows([picks, toUnit(existing)], x.columns) : picks);
  const sums = new Float64Array(picks.data.length);
  for (let row = 0; row < x.rows; row += 1) {
    const pick = center[row]!;
    if (pick >= order.length) continue;
    const weight = weights?.[row] ?? 1;
    for (let i = 0; i < x.columns; i += 1) sums[pick * x.columns + i]! += weight * unit.data[row * x.columns + i]!;
  }
  const best = new Float64Array(order.length);
  const likeness = (row: number, pick: number) => {
    let product = 0;
    for (let i = 0; i < x.columns; i += 1) product += sums[pick * x.columns + i]! * unit.data[row * x.columns + i]!;
    return product;
  };
  const moved = order.slice();
  for (const [pick, row] of order.entries()) best[pick] = likeness(row, pick);
  const isPick = new Set(order);
  for (let row = 0; row < x.rows; row += 1) {
    const pick = center[row]!;
    if (pick >= order.length || isPick.has(row)) continue;
    const product = likeness(row, pick);
    if (!(product > best[pick]!)) continue;
    best[pick] = product;
    moved[pick] = row;
  }
  return moved;
}

function toUnit(x: EmbeddingMatrix): EmbeddingMatrix {
  return unitRows(
    x,
    Int32Array.from({ length: x.rows }, (_, row) => row),
    squaredNorms(x),
  );
}
