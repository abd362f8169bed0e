import { embeddingText, type Instruction, type JsonObject } from '../domain/instruction.ts';
import { seededRandom } from '../math/random.ts';
import { fitExcerpts } from './excerpts.ts';
import type { ItemFates } from './item-fates.ts';
import { mapFields } from './map-fields.ts';
import type { MapLayout } from './map-layout.ts';
import type { PoolClusters } from './pool-clusters.ts';
import { ITEM_FATES, type PoolMap } from './pool-figures.ts';

/** Characters of an excerpt: the longest that fit, so that a report stays small. */
const EXCERPT_LENGTHS = [140, 100, 70, 50, 30];
const MOST_EXCERPT_BYTES = 1_200_000;
const DECIMALS = 3;

/** The columns of the map, in order of position. */
export function poolMap({
  layout,
  fates,
  clusters,
  instructions,
  meta,
}: {
  readonly layout: MapLayout;
  readonly fates: ItemFates;
  readonly clusters: PoolClusters;
  readonly instructions: readonly Instruction[];
  readonly meta: readonly JsonObject[];
}): PoolMap {
  const { points } = layout;
  const positions = points.map(({ position }) => position);
  return {
    method: layout.method,
    instructions: instructions.length,
    position: positions,
    x: points.map(({ x }) => rounded(x)),
    y: points.map(({ y }) => rounded(y)),
    fate: positions.map((position) => fates.fate[position]!),
    round: positions.map((position) => fates.round[position]!),
    cluster: positions.map((position) => clusters.of[position]!),
    clusters: clusters.clusters,
    score: positions.map((position) => (Number.isNaN(fates.score[position]) ? null : rounded(fates.score[position]!))),
    excerpt: fitExcerpts(
      positions.map((position) => embeddingText(instructions[position]!)),
      MOST_EXCERPT_BYTES,
      EXCERPT_LENGTHS,
    ),
    fields: mapFields(meta, positions),
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS));
}

/** Limits of points that fit a screen: of remaining items, and of failures that were not picked. */
const MOST_REMAINING = 4_000;
const MOST_FAILED = 3_000;

const FAILED = ITEM_FATES.indexOf('failed');
const REMAINING = ITEM_FATES.indexOf('remaining');

/**
 * The items that the map shows, ascending: all that were picked, and seeded samples of the others. Each item has a fixed
 * random number, so few of the sampled items change when the pool grows.
 * @param fate by position, index into ITEM_FATES
 */
export function positionsOnMap(fate: Uint8Array, seed: number): number[] {
  const positions = Array.from(fate, (_, position) => position);
  const sample = (wantedFate: number, most: number) => {
    const all = positions.filter((position) => fate[position] === wantedFate);
    if (all.length <= most) return all;
    const draw = new Map(all.map((position) => [position, seededRandom(seed, 'map', position).float()]));
    return all.sort((a, b) => draw.get(a)! - draw.get(b)! || a - b).slice(0, most);
  };
  const picked = positions.filter((position) => fate[position]! < FAILED);
  return [...picked, ...sample(FAILED, MOST_FAILED), ...sample(REMAINING, MOST_REMAINING)].sort((a, b) => a - b);
}
