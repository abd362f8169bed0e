import { embeddingText } from '../../../domain/instruction.ts';
import type { Query } from '../../../domain/selection.ts';
import { coveringSample } from '../../../math/covering-sample.ts';
import { type EmbeddingMatrix, takeRows } from '../../../math/embedding-matrix.ts';
import { dotProduct } from '../../../math/exact-distance.ts';
import { facilityLocation } from '../../../math/facility-location.ts';
import { seededRandom } from '../../../math/random.ts';
import type { StrategyContext } from '../strategy.ts';
import { type PartitionName, partitionRows } from './partition.ts';

/** The inputs of planning. */
type SelectionInputs = Omit<StrategyContext, 'options'>;

/** As `dedupeThreshold` is by default; where that is off, copies are not shown in one prompt all the same. */
const NEAR_COPY_COSINE = 0.98;

/** How a pool is reduced to what the queries can show. */
export type Coreset = 'k-means' | 'facility-location';
/** Beyond this many candidates facility location takes minutes. */
const MOST_LOCATED = 20_000;

export interface QueryLayout {
  readonly partition: PartitionName;
  readonly perQuery: number;
  readonly itemsPerQuery: number;
}

/** The number of queries for `count` picks, and the number of candidates they can show. */
export function queryCapacity(count: number, layout: QueryLayout): { queries: number; candidates: number } {
  const queries = Math.ceil(count / layout.perQuery);
  return { queries, candidates: queries * layout.itemsPerQuery };
}

/**
 * Splits the candidates into ceil(count / perQuery) queries that together ask for exactly `count` picks. Candidates that
 * the prompts cannot show are first reduced to a sample that covers them, with labeled items as centres that are there
 * already, and weights used: one per k-means cluster, or by facility location, which covers better and takes longer
 * (for up to 20,000 candidates; k-means beyond).
 * Source: SelectLLM (arXiv 2401.16553) §3; the reference always shows the whole pool.
 */
export async function planQueries(
  context: SelectionInputs,
  layout: QueryLayout,
  coreset: Coreset = 'k-means',
): Promise<Query[]> {
  const { queries, candidates: capacity } = queryCapacity(context.count, layout);
  const positions =
    context.candidates.length > capacity ? await coverCandidates(context, capacity, coreset) : context.candidates;
  const groups = await partitionRows(layout.partition, candidateRows(context, positions), queries, context);
  const whole = groups.map((group) => group.map((row) => positions[row]!).sort((a, b) => a - b));
  const sorted = withoutCopies(whole, context);
  const picks = allocatePicks(
    sorted.map((group) => group.length),
    context.count,
  );
  return sorted
    .map((group, index) => ({ positions: group, picks: picks[index]! }))
    .filter((query) => query.picks > 0)
    .map((query, number) => ({ number, ...query }));
}

/**
 * Leaves out what exactly or nearly repeats another candidate of its group, where the others are enough. A prompt would
 * pay for a text twice, and the LLM has to tell copies apart. O(k²·d) a group.
 */
function withoutCopies(groups: readonly number[][], { instructions, embeddings, count }: SelectionInputs): number[][] {
  const isCopy = (a: number, b: number) =>
    embeddings.columns === 0
      ? embeddingText(instructions[a]!) === embeddingText(instructions[b]!)
      : dotProduct(embeddings, a, embeddings, b) >= NEAR_COPY_COSINE;
  const distinct = groups.map((group) =>
    group.reduce<number[]>((kept, position) => {
      if (!kept.some((earlier) => isCopy(earlier, position))) kept.push(position);
      return kept;
    }, []),
  );
  return distinct.reduce((sum, group) => sum + group.length, 0) < count ? [...groups] : distinct;
}

async function coverCandidates(context: SelectionInputs, size: number, coreset: Coreset): Promise<number[]> {
  const { candidates, embeddings, labeled, weights, seed, kernel, signal, onProgress } = context;
  const x = takeRows(embeddings, candidates);
  const covering = { kernel, existing: labeled, ...(weights ? { weights } : {}), signal, onProgress };
  const rows =
    coreset === 'facility-location' && candidates.length <= MOST_LOCATED
      ? (await facilityLocation(x, size, covering)).order.toSorted()
      : await coveringSample(x, size, { ...covering, random: seededRandom(seed, 'coreset') });
  return Array.from(rows, (row) => candidates[row]!);
}

function candidateRows({ embeddings }: SelectionInputs, positions: readonly number[]): EmbeddingMatrix {
  return embeddings.columns === 0
    ? { data: new Float32Array(0), rows: positions.length, columns: 0 }
    : takeRows(embeddings, positions);
}

/**
 * Distributes `count` picks among queries as evenly as their sizes allow: one pick to each query in turn, from the first,
 * skipping full ones.
 * @param sizes candidates per query
 * @returns picks per query; sum = count, picks[i] ≤ sizes[i]
 * @throws RangeError when the queries hold fewer than `count` candidates
 */
export function allocatePicks(sizes: readonly number[], count: number): number[] {
  const room = sizes.reduce((sum, size) => sum + size, 0);
  if (count > room) throw new RangeError(`Cannot allocate ${count} picks among ${room} candidates.`);
  const picks = sizes.map(() => 0);
  let left = count;
  while (left > 0) {
    for (let query = 0; query < sizes.length && left > 0; query += 1) {
      if (picks[query]! < sizes[query]!) {
        picks[query]! += 1;
        left -= 1;
      }
    }
  }
  return picks;
}
