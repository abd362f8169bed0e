import { type EmbeddingMatrix, takeRows } from './embedding-matrix.ts';
import { type NearestRowsOptions, nearestRows } from './nearest-rows.ts';
import type { Random } from './random.ts';

/** Rows every row is compared with first. */
const SAMPLE_ROWS = 4_096;
/** Rows compared with all others at a time. */
const BATCH_ROWS = 256;
/** Comparisons with all others: some 6 s of products for 384 columns. */
const MOST_COMPARISONS = 2 ** 29;

export interface IsolatedRowsOptions extends NearestRowsOptions {
  /** Draws the sample, where there are more rows than it has. */
  readonly random: Random;
  /** For tests. */
  readonly sampleRows?: number;
  readonly mostComparisons?: number;
}

export interface IsolatedRows {
  /** The most isolated first; of equals the lowest position. */
  readonly rows: readonly { readonly row: number /** To the nearest other row. */; readonly distance: number }[];
  /** Whether they are certainly the most isolated; else the most isolated of those that were compared with all others. */
  readonly exact: boolean;
}

/**
 * The rows whose nearest other row is farthest away (Euclidean). A row is at most as far from its nearest as from the
 * nearest of a sample, so rows are compared with all others in the order of that bound, until no bound is above what is
 * found: as a rule after few of them. O(n·s·d + compared·n·d).
 * @param count fewer are found where there are fewer rows
 */
export async function isolatedRows(
  x: EmbeddingMatrix,
  count: number,
  options: IsolatedRowsOptions,
): Promise<IsolatedRows> {
  if (x.rows < 2) return { rows: [], exact: true };
  const { random, sampleRows = SAMPLE_ROWS, mostComparisons = MOST_COMPARISONS, signal } = options;
  const positions = Array.from({ length: x.rows }, (_, row) => row);
  const sample =
    x.rows <= sampleRows
      ? positions
      : random
          .shuffle(positions)
          .slice(0, sampleRows)
          .sort((a, b) => a - b);
  const placeInSample = new Map(sample.map((row, place) => [row, place]));
  const bounds = await nearestRows(x, takeRows(x, sample), 1, {
    ...options,
    except: (row) => placeInSample.get(row) ?? -1,
  });
  const order = positions.sort((a, b) => bounds.distances[b]! - bounds.distances[a]! || a - b);
  if (sample.length === x.rows) {
    return { rows: order.slice(0, count).map((row) => ({ row, distance: bounds.distances[row]! })), exact: true };
  }
  const most = Math.max(count, Math.floor(mostComparisons / x.rows));
  let found: IsolatedRows['rows'] = [];
  for (let start = 0; start < order.length; start += BATCH_ROWS) {
    const bound = bounds.distances[order[start]!]!;
    if (found.length === count && found.at(-1)!.distance >= bound) break;
    if (start >= most) return { rows: found, exact: false };
    signal?.throwIfAborted();
    const batch = order.slice(start, start + BATCH_ROWS);
    const near = await nearestRows(takeRows(x, batch), x, 1, {
      kernel: options.kernel,
      signal,
      except: (place) => batch[place]!,
    });
    found = [...found, ...batch.map((row, place) => ({ row, distance: near.distances[place]! }))]
      .sort((a, b) => b.distance - a.distance || a.row - b.row)
      .slice(0, count);
  }
  return { rows: found, exact: true };
}
