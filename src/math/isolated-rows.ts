import { type EmbeddingMatrix, takeRows } from './embedding-matrix.ts';
import { type NearestRowsOptions, nearestRows } from './nearest-rows.ts';
import type { Random } from './random.ts';

/** Rows that all are compared with first; with each step more, for ever fewer are left to compare. */
const FIRST_ROWS = 1_024;
/** Rows compared with all others at each step: those that look most isolated. */
const FINISHED_ROWS = 512;
/** Comparisons in all: some 10 s of products for 384 columns. */
const MOST_COMPARISONS = 2 ** 30;

export interface IsolatedRowsOptions extends NearestRowsOptions {
  /** Draws in which order rows are compared with. */
  readonly random: Random;
  /** For tests. */
  readonly firstRows?: number;
  readonly finishedRows?: number;
  readonly mostComparisons?: number;
}

export interface IsolatedRow {
  readonly row: number;
  /** To the nearest other row. */
  readonly distance: number;
}

export interface IsolatedRows {
  /** The most isolated first; of equals the lowest position. */
  readonly rows: readonly IsolatedRow[];
  /** Whether they are certainly the most isolated; else the most isolated of those that were compared with all others. */
  readonly exact: boolean;
}

/**
 * The rows whose nearest other row is farthest away (Euclidean). The nearest of some rows is as far as the nearest of
 * all, or farther: rows are compared with ever more of the others, drawn at random, and a row is done with as soon as one
 * is nearer than what was found to be isolated. At most O(n²·d), as a rule a small part of it.
 *
 * Source: Bay & Schwabacher 2003 (the pruning rule), with blocks that double in place of single rows.
 * @param count at least 1; fewer are found where there are fewer rows
 */
export async function isolatedRows(
  x: EmbeddingMatrix,
  count: number,
  options: IsolatedRowsOptions,
): Promise<IsolatedRows> {
  if (x.rows < 2) return { rows: [], exact: true };
  const { random, firstRows = FIRST_ROWS, finishedRows = FINISHED_ROWS } = options;
  const { mostComparisons = MOST_COMPARISONS } = options;
  const order = random.shuffle(Array.from({ length: x.rows }, (_, row) => row));
  let left = order.map((row): IsolatedRow => ({ row, distance: Number.POSITIVE_INFINITY })).sort(byIsolation);
  let found: IsolatedRow[] = [];
  let comparisons = 0;
  const compare = (rows: readonly IsolatedRow[], others: readonly number[]) => {
    comparisons += rows.length * others.length;
    return nearer(x, rows, others, options);
  };
  let done = 0;
  while (left.length > 0 && done < order.length) {
    const wanted = Math.max(firstRows, done);
    const block = order.slice(done, done + Math.min(wanted, Math.ceil(mostComparisons / 2 / left.length)));
    if (done > 0 && comparisons + left.length * block.length > mostComparisons) return { rows: found, exact: false };
    left = (await compare(left, block)).sort(byIsolation);
    done += block.length;
    const finished = await compare(left.slice(0, finishedRows), order.slice(done));
    found = [...found, ...finished].sort(byIsolation).slice(0, count);
    const last = found.length < count ? undefined : found.at(-1)!;
    left = left.slice(finishedRows).filter((row) => last === undefined || byIsolation(row, last) < 0);
    options.onRows?.(x.rows - left.length);
  }
  // Those are compared with all.
  return { rows: [...found, ...left].sort(byIsolation).slice(0, count), exact: true };
}

function byIsolation(a: IsolatedRow, b: IsolatedRow): number {
  return a.distance === b.distance ? a.row - b.row : b.distance - a.distance;
}

/** The same rows with the nearest of the others taken into account, themselves aside. */
async function nearer(
  x: EmbeddingMatrix,
  rows: readonly IsolatedRow[],
  others: readonly number[],
  { kernel, signal }: NearestRowsOptions,
): Promise<IsolatedRow[]> {
  if (rows.length === 0 || others.length === 0) return [...rows];
  const placeOf = new Map(others.map((row, place) => [row, place]));
  const positions = rows.map(({ row }) => row);
  // Of all of them, as they are first, no copy is made.
  const areAll = rows.length === x.rows && positions.every((row, index) => row === index);
  const compared = areAll ? x : takeRows(x, positions);
  const near = await nearestRows(compared, takeRows(x, others), 1, {
    kernel,
    signal,
    except: (index) => placeOf.get(positions[index]!) ?? -1,
  });
  return rows.map(({ row, distance }, index) => {
    const isAlone = others.length === 1 && others[0] === row;
    return { row, distance: isAlone ? distance : Math.min(distance, near.distances[index]!) };
  });
}
