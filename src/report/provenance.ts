import { resolve } from 'node:path';
import type { CampaignContext } from '../campaign/campaign-context.ts';
import { hashFile } from '../records/hash-file.ts';
import { MIGRATIONS } from '../store/migrations.ts';
import { WINNOW_VERSION } from '../version.ts';
import type { Provenance } from './report-data.ts';
import type { ReportFacts } from './report-facts.ts';

/** What the caller of the report knows. */
export interface ProvenanceSources {
  readonly nodeVersion: string;
  /** winnow.yaml with its secrets redacted. */
  readonly configText: string;
  readonly prompts: Provenance['prompts'];
  readonly testFiles: Provenance['testFiles'];
  /** The name of the vectors' model. */
  readonly embedder: string;
}

/** What is needed to repeat the campaign. */
export function provenanceOf(facts: ReportFacts, context: CampaignContext, sources: ProvenanceSources): Provenance {
  const { state, config } = context;
  const { plans, entries } = facts;
  const models = new Map<string, Provenance['models'][number]>();
  for (const { model, kind, state: outcome } of entries) {
    if (model === null || outcome !== 'settled') continue;
    const calls = (models.get(`${kind} ${model}`)?.calls ?? 0) + 1;
    models.set(`${kind} ${model}`, { model, kind, calls });
  }
  return {
    winnowVersion: WINNOW_VERSION,
    nodeVersion: sources.nodeVersion,
    schemaVersion: MIGRATIONS.length,
    seed: config.seed,
    config: sources.configText,
    poolFiles: state.items.files().map(({ path, contentHash, records, added, badRecords }) => ({
      path,
      sha256: contentHash,
      records,
      added,
      badRecords,
    })),
    testFiles: sources.testFiles,
    embedder: sources.embedder,
    plugins: state.plugins.all(),
    roundPlans: plans.map(({ number, seed, strategy, options }) => ({ round: number, seed, strategy, options })),
    prompts: sources.prompts,
    models: [...models.values()].sort((a, b) => (`${a.kind} ${a.model}` < `${b.kind} ${b.model}` ? -1 : 1)),
    imports: state.labels.sources(),
  };
}

/** The test files as they are on disk now. @throws PoolError if one cannot be read */
export async function testFiles({ folder, config }: CampaignContext): Promise<Provenance['testFiles']> {
  const hashed = config.labels.heldOutFiles.map(async (path) => {
    const sha256 = await hashFile(resolve(folder, path));
    return sha256 === undefined ? [] : [{ path, sha256 }];
  });
  return (await Promise.all(hashed)).flat();
}
