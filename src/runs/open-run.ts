import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../domain/clock.ts';
import { seededRandom } from '../math/random.ts';
import { LlmAsker, REPAIR_PROMPT } from '../models/llm-asker.ts';
import { MeteredCaller } from '../models/metering/metered-caller.ts';
import type { PromptTemplate } from '../models/prompt-template.ts';
import type { Llm } from '../models/providers/open-llm.ts';
import { openRunState, type RunIdentity, type RunState } from '../store/run-state.ts';
import { WINNOW_VERSION } from '../version.ts';
import type { RunSettings } from './run-options.ts';

/** Hex digits that name a hash: enough to tell runs, prompts and pools apart. */
export const SHORT_HASH = 12;

/** Where a run's state is kept when the user names no file: the same command finds the same one again. */
export function defaultStatePath(kind: 'pick' | 'score' | 'simulate', identity: RunIdentity): string {
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, SHORT_HASH);
  return join('.winnow', `${kind}-${hash}.db`);
}

/**
 * Opens the state of a run, or begins it.
 * @param options.dryRun leave no trace: a state file is read if it is there, never begun
 */
export async function openState(
  kind: 'pick' | 'score',
  settings: RunSettings,
  identity: RunIdentity,
  { dryRun, clock }: { readonly dryRun: boolean; readonly clock: Clock },
): Promise<RunState> {
  const path = settings.state ?? defaultStatePath(kind, identity);
  const used = dryRun && !existsSync(path) ? ':memory:' : path;
  return openRunState(used, { kind, ...identity }, { clock, version: WINNOW_VERSION, caps: settings });
}

/** Of what is asked, all that changes the answers; see RunIdentity. Keys are what users call the options. */
export function askingIdentity(settings: RunSettings): RunIdentity {
  const { provider, model, baseUrl, contextTokens, reasoningTokens } = settings;
  return {
    provider,
    model: model ?? null,
    baseUrl: baseUrl ?? null,
    contextTokens: contextTokens ?? null,
    reasoningTokens: reasoningTokens ?? null,
  };
}

/** Prompts by id, with version and content. */
export function promptIdentity(prompts: ReadonlyMap<string, PromptTemplate>): RunIdentity {
  return Object.fromEntries(
    [...prompts].map(([id, { version, hash }]) => [`prompt ${id}`, `${version} (${hash.slice(0, SHORT_HASH)})`]),
  );
}

/** Makes all requests of a run, through its ledger. @param seed of the waits between tries */
export function openCaller(
  { ledger }: Pick<RunState, 'ledger'>,
  { concurrency }: RunSettings,
  { clock, seed }: { readonly clock: Clock; readonly seed: number },
): MeteredCaller {
  return new MeteredCaller({ ledger, clock, random: seededRandom(seed, 'retry'), maxConcurrency: concurrency });
}

/** @param prompts the repair prompt among them */
export function openAsker(
  llm: Llm,
  { ledger }: Pick<RunState, 'ledger'>,
  caller: MeteredCaller,
  { signal, abandon }: RunSettings,
  prompts: ReadonlyMap<string, PromptTemplate>,
): LlmAsker {
  return new LlmAsker({ ...llm, ledger, caller, repairPrompt: prompts.get(REPAIR_PROMPT.id)!, signal, abandon });
}
