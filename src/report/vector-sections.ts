import type { CampaignContext } from '../campaign/campaign-context.ts';
import type { JsonObject } from '../domain/instruction.ts';
import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';
import { isolatedRows } from '../math/isolated-rows.ts';
import { seededRandom } from '../math/random.ts';
import { findCategories } from '../pool/categories.ts';
import { type CoverageSources, coverageFigures } from './coverage-figures.ts';
import { drawnPositions } from './drawn-positions.ts';
import { itemFates } from './item-fates.ts';
import { itemMeta } from './item-meta.ts';
import { layOut } from './map-layout.ts';
import { nearDuplicatePairs } from './near-duplicate-pairs.ts';
import type { OddRows } from './odd-items.ts';
import { type PoolClusters, poolClusters } from './pool-clusters.ts';
import { poolMap } from './pool-map.ts';
import type { CoverageFigures, PoolMap } from './report-data.ts';
import { labeledPicks, type ReportFacts } from './report-facts.ts';

/** What can be said with the vectors of the pool. */
export interface VectorSections extends OddRows {
  readonly map: PoolMap | null;
  readonly coverage: CoverageFigures | null;
  readonly notes: readonly string[];
}

const SHOWN = 10;

/** @param given.vectors `n × d`, by position, n at least 1 */
export async function vectorSections(
  facts: ReportFacts,
  context: CampaignContext,
  given: {
    readonly vectors: EmbeddingMatrix;
    readonly space: string;
    readonly map: CampaignContext['state']['map'];
  },
): Promise<VectorSections> {
  const { config, tools, signal, onProgress } = context;
  const { seed } = config;
  const { vectors } = given;
  const { instructions } = facts;
  const options = { kernel: await tools.kernel(), signal, ...(signal ? { signal } : {}), onProgress };
  const meta = itemMeta(instructions, config.pool.fields);
  const clusters = await poolClusters(instructions, vectors, { ...options, seed });
  const fates = itemFates(facts, config);
  const layout = await layOut(vectors, drawnPositions(fates.fate, seed), {
    ...options,
    store: given.map,
    space: given.space,
    seed,
  });
  const labeled = labeledPicks(facts);
  const categories = categoriesOf(facts, meta, clusters);
  const coverage =
    labeled.length === 0 ? undefined : await coverageFigures({ ...options, labeled, vectors, categories, seed });
  const strangest = await isolatedRows(vectors, SHOWN, { ...options, random: seededRandom(seed, 'strangest') });
  const notes = [
    ...(coverage === undefined ? ['There is no coverage to show before the first label.'] : []),
    ...(coverage?.note === undefined ? [] : [coverage.note]),
    ...(strangest.exact ? [] : ['The strangest are those of the instructions farthest from a sample of the pool.']),
  ];
  return {
    map: poolMap({ layout, fates, clusters, instructions, meta }),
    coverage: coverage?.figures ?? null,
    strangest: strangest.rows.map(({ row, distance }) => ({ position: row, distance })),
    nearDuplicates: await nearDuplicatePairs(vectors, config.pool.dedupeThreshold, options),
    notes,
  };
}

/** Those the records name, else the clusters. */
function categoriesOf(
  { instructions }: ReportFacts,
  meta: readonly JsonObject[],
  clusters: PoolClusters,
): CoverageSources['categories'] {
  const items = instructions.map((item, position) => ({ ...item, meta: meta[position]! }));
  const { field, count, of } = findCategories(items, undefined);
  if (field !== null && count !== null) return { field, count, of };
  return { field: 'clusters', count: clusters.clusters.length, of: [...clusters.of] };
}
