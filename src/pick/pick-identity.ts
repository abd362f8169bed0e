import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Pool } from '../domain/pool.ts';
import type { PromptTemplate } from '../llm/prompt-template.ts';
import { poolFingerprint } from '../pool/pool-fingerprint.ts';
import type { RunIdentity } from '../store/run-state.ts';
import type { PickSettings } from './pick-options.ts';

const SHORT = 12;

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
    pool: poolFingerprint(inputs.pool).slice(0, SHORT),
    existing: inputs.existing ? poolFingerprint(inputs.existing).slice(0, SHORT) : null,
    count: settings.count,
    seed: settings.seed,
    strategy: strategy.name,
    ...settings.strategyOptions,
    embeddings: inputs.embeddings,
    dedupeThreshold: settings.dedupeThreshold,
    ...(settings.asksLlm
      ? {
          provider: settings.provider,
          model: settings.model ?? null,
          baseUrl: settings.baseUrl ?? null,
          contextTokens: settings.contextTokens ?? null,
          reasoningTokens: settings.reasoningTokens ?? null,
        }
      : {}),
    ...Object.fromEntries(
      [...inputs.prompts].map(([id, { version, hash }]) => [`prompt ${id}`, `${version} (${hash.slice(0, SHORT)})`]),
    ),
  };
}

/** Where a run's state is kept when the user names no file: the same command finds the same one again. */
export function defaultStatePath(identity: RunIdentity): string {
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, SHORT);
  return join('.winnow', `pick-${hash}.db`);
}
