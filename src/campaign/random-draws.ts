import { createHash } from 'node:crypto';
import { PoolError } from '../domain/errors.ts';
import type { Instruction } from '../domain/instruction.ts';
import type { DrawnItem } from '../domain/round.ts';
import { type EmbeddingMatrix, takeRows } from '../math/embedding-matrix.ts';
import { kMeans } from '../math/k-means.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import { seededRandom } from '../math/random.ts';
import { proportionalCounts } from '../math/stratified.ts';
import { fieldOf } from '../selection/measures/field-measure.ts';

/** Of clusters; and a part for which fewer are expected than the second number joins others. */
const ITEMS_A_STRATUM = 4;
const FEWEST_EXPECTED = 2;
const MOST_STRATA = 12;
const MOST_ITERATIONS = 10;

/** What a test set is drawn from. */
export interface TestDraw {
  readonly round: number;
  readonly seed: number;
  /** How many, at most the number of positions. */
  readonly count: number;
  /** Of distinct instructions, ascending. */
  readonly positions: readonly number[];
  readonly instructions: readonly Instruction[];
  /** A field of the records whose values are the strata; by default clusters are. */
  readonly by: string | undefined;
  /** `n × d`, by position. */
  readonly embeddings: EmbeddingMatrix;
  readonly kernel: MatrixKernel;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Draws the test set at random from each part of the pool, in proportion to its size; estimates weigh each part by its
 * size. Parts too small for two draws are joined, since a part without any would be missing from estimates. O(n·d) per
 * cluster and iteration.
 * @returns by position, ascending
 * @throws PoolError where no record has the field to draw by
 */
export async function drawTestItems(draw: TestDraw): Promise<DrawnItem[]> {
  const { round, seed, count, positions } = draw;
  const strata = new Map<string, number[]>();
  for (const [index, name] of (await strataOf(draw)).entries()) {
    const members = strata.get(name);
    if (members) members.push(positions[index]!);
    else strata.set(name, [positions[index]!]);
  }
  const parts = joinSmall([...strata], (FEWEST_EXPECTED * positions.length) / count);
  const counts = proportionalCounts(
    parts.map(([, members]) => members.length),
    count,
  );
  return parts
    .flatMap(([stratum, members], index) =>
      seededRandom(seed, 'test set', round, stratum)
        .shuffle(members)
        .slice(0, counts[index])
        .map((position): DrawnItem => ({ round, position, purpose: 'test', stratum, stratumSize: members.length })),
    )
    .sort((a, b) => a.position - b.position);
}

/** Joins the parts below a size, and with them the smallest others until they are no longer below it. By name. */
function joinSmall(strata: readonly Part[], least: number): Part[] {
  const bySize = strata.toSorted((a, b) => a[1].length - b[1].length || byName(a, b));
  const joined: number[] = [];
  while (bySize.length > 0 && (bySize[0]![1].length < least || (joined.length > 0 && joined.length < least))) {
    joined.push(...bySize.shift()![1]);
  }
  const others: Part[] = joined.length === 0 ? [] : [['others', joined.sort((a, b) => a - b)]];
  return [...bySize.sort(byName), ...others];
}

/** A part of the pool: its name, and positions ascending. */
type Part = [name: string, members: number[]];

function byName([a]: Part, [b]: Part): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function strataOf({ by, positions, instructions, count, embeddings, kernel, seed, signal }: TestDraw) {
  if (by !== undefined) {
    if (instructions.every(({ record }) => fieldOf(record, by) === undefined)) {
      throw new PoolError(`No record has a field "${by}".`, { hint: 'Correct labels.testBy in winnow.yaml.' });
    }
    return positions.map((position) => {
      const value = fieldOf(instructions[position]!.record, by);
      return `${by} ${value === undefined || typeof value === 'object' ? '' : value}`;
    });
  }
  const clusters = Math.min(MOST_STRATA, Math.floor(count / ITEMS_A_STRATUM), positions.length);
  if (clusters < 2) return positions.map(() => 'all');
  const { assignment } = await kMeans(takeRows(embeddings, positions), clusters, {
    kernel,
    random: seededRandom(seed, 'test strata'),
    maxIterations: MOST_ITERATIONS,
    ...(signal ? { signal } : {}),
  });
  return Array.from(assignment, (cluster) => `cluster ${cluster + 1}`);
}

/**
 * Positions in an order drawn at random for a round. Each position's place is drawn by itself, so that a position more or
 * less changes the order of no others: what is evaluated ahead for the next round's controls stays the same. O(n log n).
 */
export function controlOrder(positions: readonly number[], seed: number, round: number): number[] {
  const key = (position: number) => createHash('sha256').update(`${seed} control ${round} ${position}`).digest('hex');
  return positions
    .map((position) => ({ position, key: key(position) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.position - b.position))
    .map(({ position }) => position);
}

/**
 * Mixes items that were drawn at random into those that were selected, which keep their order, so that people cannot tell
 * them by their place. O(n).
 */
export function mixIn<T>(selected: readonly T[], drawn: readonly T[], seed: number): T[] {
  const random = seededRandom(seed, 'mix');
  const isDrawn = random.shuffle([...selected.map(() => false), ...drawn.map(() => true)]);
  const shuffled = random.shuffle(drawn);
  let [nextSelected, nextDrawn] = [0, 0];
  return isDrawn.map((flag) => (flag ? shuffled[nextDrawn++]! : selected[nextSelected++]!));
}
