import type { CampaignContext } from '../campaign/campaign-context.ts';
import { eligiblePositions } from '../campaign/eligible-positions.ts';
import type { Instruction, JsonObject } from '../domain/instruction.ts';
import { lazyList, lazyMap } from '../domain/lazy-list.ts';
import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';
import { findCategories } from '../records/categories.ts';
import type { FieldOverrides } from '../records/detect-fields.ts';
import { parseRecord } from '../records/parse-record.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import { type CoverageSources, coverageFigures } from './coverage-figures.ts';
import { itemFates } from './item-fates.ts';
import { layOut } from './map-layout.ts';
import type { OddRows } from './odd-items.ts';
import { findOddRows } from './odd-rows.ts';
import { type PoolClusters, poolClusters } from './pool-clusters.ts';
import type { CoverageFigures, PoolMap } from './pool-figures.ts';
import { poolMap, positionsOnMap } from './pool-map.ts';
import { coveringPicks, type ReportFacts } from './report-facts.ts';

/** The parts of a report that need the vectors of the pool. */
export interface VectorSections extends OddRows {
  readonly map: PoolMap | null;
  readonly coverage: CoverageFigures | null;
  readonly notes: readonly string[];
}

/** The vectors, and where points and results are stored. */
export interface VectorSources {
  /** `n × d`, by position, n at least 1. */
  readonly vectors: EmbeddingMatrix;
  /** The name of their model. */
  readonly space: string;
  /** A state that can be written to. */
  readonly writable: CampaignState;
}

export async function vectorSections(
  facts: ReportFacts,
  context: CampaignContext,
  { vectors, space, writable }: VectorSources,
): Promise<VectorSections> {
  const { config, tools, signal, onProgress } = context;
  const { seed } = config;
  const { instructions } = facts;
  const options = { kernel: await tools.kernel(), ...(signal ? { signal } : {}), onProgress, seed, space };
  const meta = itemMeta(instructions, config.pool.fields);
  const clusters = await poolClusters(instructions, vectors, { ...options, state: writable });
  const fates = itemFates(facts, config);
  const layout = await layOut(vectors, positionsOnMap(fates.fate, seed), { ...options, store: writable.map });
  const labeled = coveringPicks(facts);
  const categories = categoriesOf(facts, meta, clusters);
  const toCover = await positionsToCover(facts, context);
  const coverage =
    labeled.length === 0 ? null : await coverageFigures({ ...options, labeled, vectors, toCover, categories });
  const threshold = config.pool.dedupeThreshold;
  const { notes, ...odd } = await findOddRows(vectors, { ...options, threshold, state: writable });
  const coverageNote = coverage === null ? 'Coverage needs at least one label.' : coverage.note;
  return {
    map: poolMap({ layout, fates, clusters, instructions, meta }),
    coverage: coverage?.figures ?? null,
    ...odd,
    notes: [...(coverageNote === undefined ? [] : [coverageNote]), ...notes],
  };
}

/**
 * Positions that are labeled, awaited or may still be chosen, ascending. The others were left out for their quality,
 * rejected or skipped, and need not be covered. The coverage radius of each round is measured in the same way.
 */
async function positionsToCover({ picks }: ReportFacts, context: CampaignContext): Promise<number[]> {
  const wanted = picks.filter(({ state }) => state === 'labeled' || state === 'awaited');
  const positions = new Set([...(await eligiblePositions(context)), ...wanted.map(({ position }) => position)]);
  return [...positions].sort((a, b) => a - b);
}

/** The categories that the records name, else the clusters. */
function categoriesOf(
  { instructions }: ReportFacts,
  meta: readonly JsonObject[],
  clusters: PoolClusters,
): CoverageSources['categories'] {
  const items = lazyList(instructions.length, (position) => ({ ...instructions[position]!, meta: meta[position]! }));
  const { field, count, of } = findCategories(items, undefined);
  if (field !== null && count !== null) return { field, count, of };
  return { field: 'clusters', count: clusters.clusters.length, of: [...clusters.of] };
}

const NONE: JsonObject = {};

/** The fields of each record that are neither instruction nor input, response or id, by position. */
function itemMeta(instructions: readonly Instruction[], fields: FieldOverrides): readonly JsonObject[] {
  return lazyMap(instructions, ({ record }) => {
    const parsed = parseRecord(record, { fields });
    return 'drafts' in parsed ? parsed.drafts[0]!.meta : NONE;
  });
}
