import { askingIdentity, promptIdentity, SHORT_HASH } from '../assembly/open-run.ts';
import type { Pool } from '../domain/pool.ts';
import type { PromptTemplate } from '../llm/prompt-template.ts';
import { poolFingerprint } from '../pool/pool-fingerprint.ts';
import type { RunIdentity } from '../store/run-state.ts';
import type { PickSettings } from './pick-options.ts';

/** What makes two runs the same run. Keys are what users call the options; see RunIdentity. */
export function pickIdentity(
  settings: PickSettings,
  inputs: {
    readonly pool: Pool;
    readonly existing: Pool | undefined;
    readonly prompts: ReadonlyMap<string, PromptTemplate>;
    /** Names the vectors: an embedding space, or the hash of the given ones. */
    readonly embeddings: string;
  },
): RunIdentity {
  const { strategy } = settings;
  return {
    pool: poolFingerprint(inputs.pool).slice(0, SHORT_HASH),
    existing: inputs.existing ? poolFingerprint(inputs.existing).slice(0, SHORT_HASH) : null,
    count: settings.count,
    seed: settings.seed,
    strategy: strategy.name,
    ...settings.strategyOptions,
    embeddings: inputs.embeddings,
    dedupeThreshold: settings.dedupeThreshold,
    ...(settings.asksLlm ? askingIdentity(settings) : {}),
    ...promptIdentity(inputs.prompts),
  };
}
