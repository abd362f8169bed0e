import { NotEnoughError } from '../../../domain/errors.ts';
import { option, sentence } from '../../../domain/wording.ts';
import { type EmbeddingMatrix, takeRows } from '../../../math/embedding-matrix.ts';
import { squaredDistance } from '../../../math/exact-distance.ts';
import type { MatrixKernel } from '../../../math/matrix-kernel.ts';
import { nearestRows } from '../../../math/nearest-rows.ts';

/** Scale of the distances against which spreading counts. */
const SCALE = 5;
/** Distance from which two rows are no near-copies of each other. */
const KERNEL_WIDTH = 0.75;
const MOST_NEIGHBOURS = 5_000;
const MOST_KERNEL_NEIGHBOURS = 1_000;
/** 1 GB of neighbours. */
const MOST_ENTRIES = 2 ** 26;

export interface TransportOptions {
  readonly kernel: MatrixKernel;
  /** α, 0–1: how much closeness to the examples counts against spreading. */
  readonly alpha: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How much of the examples' mass each row receives when it is moved at little cost and spread evenly: the optimum of
 * α/C · Σ γ·distance + (1 − α) · spreading, where near-copies of a row count as one. Every example sends its mass to its
 * nearest rows, to each in inverse proportion to the row's density; how many rows depends on α.
 * The density of a row is Σ max(0, 1 − d²/σ²) over its neighbours among all rows that are near an example, itself
 * included. C = 5, σ = 0.75; 5,000 neighbours of an example, 1,000 for a density, both at most a tenth of the rows.
 *
 * Source: TSDS, Liu, Karbasi & Rekatsinas 2024 (arXiv 2410.11303), algorithm 1 (KNN-KDE); code ZifanL/TSDS for the
 * constants. The code finds neighbours approximately; here they are exact. For few rows at least 2 neighbours are used.
 * The code stops with an error where a single row could take more than an example has; here it takes all of it.
 * O(n·m·d + u²·d) for u rows near the m examples.
 * @param x `n × d`, n ≥ 1 @param examples `m × d`, m ≥ 1
 * @returns length n, ≥ 0, sum 1
 * @throws NotEnoughError when the neighbours of all examples do not fit in memory
 */
export async function transportShares(
  x: EmbeddingMatrix,
  examples: EmbeddingMatrix,
  { kernel, alpha, signal }: TransportOptions,
): Promise<Float64Array> {
  if (x.rows === 1) return Float64Array.of(1);
  const tenth = Math.floor(x.rows / 10);
  const k = Math.min(MOST_NEIGHBOURS, x.rows, Math.max(2, tenth));
  if (k * examples.rows > MOST_ENTRIES) {
    throw new NotEnoughError(
      `${examples.rows} examples with ${k} neighbours each do not fit in memory.`,
      sentence`Give fewer examples, or set ${option('by', 'turns')}.`,
    );
  }
  const near = await nearestRows(examples, x, k, { kernel, signal });
  const density = await densities(x, near.rows, { kernel, signal, k: Math.max(2, tenth) });
  const { last, mass } = spread(near.distances, near.rows, density, { k, alpha });
  return sharesOf(near.rows, density, { k, last, mass, rows: x.rows });
}

/** By row of `x`; only of rows that are near an example. */
async function densities(
  x: EmbeddingMatrix,
  nearRows: Int32Array,
  { kernel, signal, k }: { kernel: MatrixKernel; signal: AbortSignal | undefined; k: number },
): Promise<Float64Array> {
  const rows = Int32Array.from(new Set(nearRows)).sort();
  const some = takeRows(x, rows);
  const others = Math.min(MOST_KERNEL_NEIGHBOURS, k, rows.length) - 1;
  const { rows: neighbours } = await nearestRows(some, some, others, { kernel, signal, except: (row) => row });
  const density = new Float64Array(x.rows);
  for (const [index, row] of rows.entries()) {
    density[row] = 1;
    for (const other of neighbours.subarray(index * others, (index + 1) * others)) {
      density[row]! += Math.max(0, 1 - squaredDistance(some, index, some, other) / KERNEL_WIDTH ** 2);
    }
  }
  return density;
}

/**
 * Lets the mass that a row of density 1 may receive fall until spreading costs more than it is worth. At each step the
 * example whose rows are filled first goes on to its next row.
 * @returns of each example how many rows it fills, and 1 / (the mass of a row of density 1)
 */
function spread(
  distances: Float64Array,
  nearRows: Int32Array,
  density: Float64Array,
  { k, alpha }: { k: number; alpha: number },
): { readonly last: Int32Array; readonly mass: number } {
  const examples = nearRows.length / k;
  const inverse = (example: number, place: number) => 1 / density[nearRows[example * k + place]!]!;
  const distance = (example: number, place: number) => distances[example * k + place]!;
  const room = Float64Array.from({ length: examples }, (_, example) => inverse(example, 0));
  const weighted = Float64Array.from({ length: examples }, (_, example) => distance(example, 0) * room[example]!);
  const place = new Int32Array(examples);
  const isDone = new Uint8Array(examples);
  const last = new Int32Array(examples);
  const cost = new Float64Array(examples);
  let total = 0;
  let mass = 0;
  for (;;) {
    const next = fullest(room, place, isDone);
    if (next < 0) return { last, mass };
    const at = place[next]!;
    mass = room[next]!;
    total -= cost[next]!;
    cost[next] = distance(next, at + 1) * mass - weighted[next]!;
    total += cost[next]!;
    if ((alpha / SCALE) * total >= (1 - alpha) * examples) return { last, mass };
    last[next] = at;
    if (at >= k - 2) {
      isDone[next] = 1;
      continue;
    }
    place[next] = at + 1;
    room[next]! += inverse(next, at + 1);
    weighted[next]! += distance(next, at + 1) * inverse(next, at + 1);
  }
}

/** Least room, then the fewest rows, then the lowest number. −1 when all are done. */
function fullest(room: Float64Array, place: Int32Array, isDone: Uint8Array): number {
  let best = -1;
  for (let example = 0; example < room.length; example += 1) {
    if (isDone[example]) continue;
    const difference = best < 0 ? -1 : room[example]! - room[best]! || place[example]! - place[best]!;
    if (difference < 0) best = example;
  }
  return best;
}

function sharesOf(
  nearRows: Int32Array,
  density: Float64Array,
  { k, last, mass, rows }: { k: number; last: Int32Array; mass: number; rows: number },
): Float64Array {
  const shares = new Float64Array(rows);
  for (const [example, filled] of last.entries()) {
    let left = 1 / last.length;
    for (let place = 0; place <= filled; place += 1) {
      const row = nearRows[example * k + place]!;
      const share = Math.min(left, 1 / last.length / mass / density[row]!);
      shares[row]! += share;
      left -= share;
    }
    shares[nearRows[example * k + filled + 1]!]! += Math.max(0, left);
  }
  return shares;
}
