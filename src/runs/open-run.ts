import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CURRENT_EDITION, FIRST_EDITION, type PromptTemplate } from '../models/prompt-template.ts';
import type { ProviderSettings } from '../models/providers/provider-settings.ts';
import { REASONS_PROMPT } from '../selection/strategies/select-llm/give-reasons.ts';
import {
  identityDifferences,
  openRunState,
  peekIdentity,
  type RunIdentity,
  type RunState,
} from '../store/run-state.ts';
import { WINNOW_VERSION } from '../version.ts';
import type { RunSettings } from './run-options.ts';

/** Hex digits of a short hash: enough to distinguish runs, prompts and pools. */
export const SHORT_HASH = 12;

/** Where states of runs are by default. */
export const STATE_FOLDER = '.winnow';

/**
 * Where a pool that does not fit into memory is held while a run uses it: beside its state, for the system's temporary
 * folder is often in memory itself. A dry run makes no folder.
 */
export function shardFolder(
  { state }: Pick<RunSettings, 'state'>,
  { dryRun }: { readonly dryRun: boolean },
): () => string {
  const folder = state === undefined ? STATE_FOLDER : dirname(state);
  return () => (dryRun && !existsSync(folder) ? tmpdir() : folder);
}

/** Where a run's state is stored by default: the same command finds the same file again. */
export function defaultStatePath(kind: 'pick' | 'score' | 'simulate', identity: RunIdentity): string {
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, SHORT_HASH);
  return join(STATE_FOLDER, `${kind}-${hash}.db`);
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

/**
 * The edition of the prompts that a run goes on with: that of its state file, else the current one. Of several the one
 * that the file differs least from.
 * @param identityOf the run, had it begun with that edition
 */
export function promptEdition(
  kind: 'pick' | 'score',
  { state }: Pick<RunSettings, 'state'>,
  identityOf: (edition: number) => RunIdentity,
): number {
  let best: { readonly edition: number; readonly differences: number } | undefined;
  for (let edition = CURRENT_EDITION; edition >= FIRST_EDITION; edition -= 1) {
    const identity = identityOf(edition);
    const stored = peekIdentity(state ?? defaultStatePath(kind, identity));
    if (stored === undefined) continue;
    const differences = identityDifferences(stored, identity).length;
    if (best === undefined || differences < best.differences) best = { edition, differences };
    if (differences === 0) break;
  }
  return best?.edition ?? CURRENT_EDITION;
}

/** Everything about the LLM that changes its answers; see RunIdentity. Keys are option names. */
export function askingIdentity({
  provider,
  model,
  baseUrl,
  contextTokens,
  reasoningTokens,
  own,
}: ProviderSettings): RunIdentity {
  return {
    provider,
    model: model ?? null,
    baseUrl: baseUrl ?? null,
    contextTokens: contextTokens ?? null,
    reasoningTokens: reasoningTokens ?? null,
    ...(own === undefined ? {} : { providerOptions: JSON.stringify(own) }),
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

/** Prompts by id, with version and content, but for what only explains. */
export function promptIdentity(prompts: ReadonlyMap<string, PromptTemplate>): RunIdentity {
  return Object.fromEntries(
    [...prompts]
      .filter(([id]) => id !== REASONS_PROMPT.id)
      .map(([id, { version, hash }]) => [`prompt ${id}`, `${version} (${hash.slice(0, SHORT_HASH)})`]),
  );
}
