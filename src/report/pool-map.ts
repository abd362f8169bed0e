import { embeddingText, type Instruction, type JsonObject } from '../domain/instruction.ts';
import { excerptsWithin } from './excerpts-within.ts';
import type { ItemFates } from './item-fates.ts';
import { mapFields } from './map-fields.ts';
import type { MapLayout } from './map-layout.ts';
import type { PoolClusters } from './pool-clusters.ts';
import type { PoolMap } from './pool-figures.ts';

/** Characters of an excerpt: as many as there is room for, so that a report stays small. */
const EXCERPT_LENGTHS = [140, 100, 70, 50, 30];
const ROOM_FOR_EXCERPTS_BYTES = 1_200_000;
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
    excerpt: excerptsWithin(
      positions.map((position) => embeddingText(instructions[position]!)),
      ROOM_FOR_EXCERPTS_BYTES,
      EXCERPT_LENGTHS,
    ),
    fields: mapFields(meta, positions),
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS));
}
