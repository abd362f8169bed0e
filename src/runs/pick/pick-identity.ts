import type { Pool } from '../../domain/pool.ts';
import type { PromptTemplate } from '../../models/prompt-template.ts';
import { pluginIdentity } from '../../plugins/plugin.ts';
import { letsLlmChoose, optionFiles } from '../../selection/strategies/strategy-needs.ts';
import { identityOptions } from '../../selection/strategies/strategy-options.ts';
import type { RunIdentity } from '../../store/run-state.ts';
import { askingIdentity, fileIdentity, promptIdentity, SHORT_HASH } from '../open-run.ts';
import type { PickSettings } from './pick-options.ts';

/**
 * Everything that is needed to repeat a run. Keys are option names; see RunIdentity. Default names of state files depend
 * on their order.
 */
export function pickIdentity(
  settings: PickSettings,
  inputs: {
    readonly pool: Pool;
    readonly existing: Pool | undefined;
    readonly excluded?: Pool | undefined;
    readonly prompts: ReadonlyMap<string, PromptTemplate>;
    /** Names the vectors: an embedding space, or the hash of the given ones. */
    readonly embeddings: string;
    /** Of the prompts. */
    readonly edition: number;
    /** Of data sets on servers. */
    readonly revisions: RunIdentity;
  },
): RunIdentity {
  const { strategy } = settings;
  return {
    pool: inputs.pool.fingerprint.slice(0, SHORT_HASH),
    existing: inputs.existing ? inputs.existing.fingerprint.slice(0, SHORT_HASH) : null,
    ...(inputs.excluded ? { exclude: inputs.excluded.fingerprint.slice(0, SHORT_HASH) } : {}),
    ...constraintIdentity(settings),
    count: settings.count,
    seed: settings.seed,
    strategy: strategy.name,
    ...identityOptions(strategy, settings.strategyOptions, inputs.edition),
    ...fileIdentity(optionFiles(strategy, settings.strategyOptions)),
    embeddings: inputs.embeddings,
    dedupeThreshold: settings.dedupeThreshold,
    ...(settings.severalPerConversation ? { severalPerConversation: true } : {}),
    ...(settings.asksLlm ? askingIdentity(settings.llm) : {}),
    ...promptIdentity(inputs.prompts),
    ...pluginIdentity(settings.plugins),
    ...inputs.revisions,
  };
}

/** What of the identity is known before a pool is read. */
export function pickOptionsIdentity(settings: PickSettings): RunIdentity {
  const { count, seed, strategy, dedupeThreshold, asksLlm, llm } = settings;
  const asking = asksLlm ? askingIdentity(llm) : {};
  return { ...constraintIdentity(settings), count, seed, strategy: strategy.name, dedupeThreshold, ...asking };
}

/** As the user wrote them, where there are any. */
function constraintIdentity(settings: PickSettings): RunIdentity {
  const given = (['where', 'quota', 'atLeast', 'atMost', 'mustInclude', 'excludeIds'] as const).flatMap((name) =>
    (settings.constraintTexts[name] ?? []).map((text, index) => [`${name} ${index + 1}`, text]),
  );
  return Object.fromEntries(given);
}

/**
 * What must stay the same for a run to go on in the state of an earlier one. Where an LLM only scores, that is what the
 * scores depend on: who is asked about which pool with which prompts. Another count, threshold or strategy finds the
 * scores that are paid for.
 * @param identity of the run
 */
export function stateIdentity(
  { strategy, strategyOptions, asksLlm }: PickSettings,
  identity: RunIdentity,
): RunIdentity {
  if (letsLlmChoose(strategy, strategyOptions) || !asksLlm) return identity;
  const asked = ['pool', 'provider', 'model', 'baseUrl', 'contextTokens', 'reasoningTokens', 'plugins'];
  const kept = Object.entries(identity).filter(([key]) => asked.includes(key) || /^(?:prompt|revision) /.test(key));
  return { chooses: 'by scores', ...Object.fromEntries(kept) };
}
