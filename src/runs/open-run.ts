import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PromptTemplate } from '../models/prompt-template.ts';
import type { ProviderSettings } from '../models/providers/provider-settings.ts';
import { openRunState, type RunIdentity, type RunState } from '../store/run-state.ts';
import { WINNOW_VERSION } from '../version.ts';
import type { RunSettings } from './run-options.ts';

/** Hex digits of a short hash: enough to distinguish runs, prompts and pools. */
export const SHORT_HASH = 12;

/** Where a run's state is stored by default: the same command finds the same file again. */
export function defaultStatePath(kind: 'pick' | 'score' | 'simulate', identity: RunIdentity): string {
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, SHORT_HASH);
  return join('.winnow', `${kind}-${hash}.db`);
}

/**
 * Opens the state of a run, or creates it.
 * @param options.dryRun leave no trace: an existing state file is read, none is created
 */
export async function openState(
  kind: 'pick' | 'score',
  settings: RunSettings,
  identity: RunIdentity,
  { dryRun }: { readonly dryRun: boolean },
): Promise<RunState> {
  const path = settings.state ?? defaultStatePath(kind, identity);
  const used = dryRun && !existsSync(path) ? ':memory:' : path;
  return openRunState(used, { kind, ...identity }, { clock: settings.clock, version: WINNOW_VERSION, caps: settings });
}

/** Everything about the LLM that changes its answers; see RunIdentity. Keys are option names. */
export function askingIdentity({
  provider,
  model,
  baseUrl,
  contextTokens,
  reasoningTokens,
}: ProviderSettings): RunIdentity {
  return {
    provider,
    model: model ?? null,
    baseUrl: baseUrl ?? null,
    contextTokens: contextTokens ?? null,
    reasoningTokens: reasoningTokens ?? null,
  };
}

/** Files that options name, by path, with a hash of their content. A missing file is reported when it is read. */
export function fileIdentity(paths: readonly string[]): RunIdentity {
  return Object.fromEntries(
    paths.map((path) => {
      const content = existsSync(path) ? readFileSync(path) : 'missing';
      return [`file ${path}`, createHash('sha256').update(content).digest('hex').slice(0, SHORT_HASH)];
    }),
  );
}

/** Prompts by id, with version and content. */
export function promptIdentity(prompts: ReadonlyMap<string, PromptTemplate>): RunIdentity {
  return Object.fromEntries(
    [...prompts].map(([id, { version, hash }]) => [`prompt ${id}`, `${version} (${hash.slice(0, SHORT_HASH)})`]),
  );
}
