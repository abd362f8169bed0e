import type { ProviderName } from '../domain/providers.ts';
import { UsageError } from '../errors/usage-error.ts';
import { scoringOf } from '../strategies/scoring-options.ts';
import type { Strategy, StrategyOptions } from '../strategies/strategy.ts';

const GIVE_A_PROVIDER = 'Name an LLM with --provider and --model.';

/**
 * Whether a strategy asks an LLM with these options: to choose, to judge, to write responses.
 * @param options normalized
 * @throws UsageError where it needs a real one and there is only the offline stand-in
 */
export function asksLlm(strategy: Strategy, options: StrategyOptions, provider: ProviderName): boolean {
  const { judge, draft } = scoringOf(options);
  const isOffline = provider === 'offline';
  const measures = strategy.measures(options, { hasResponses: true });
  if (isOffline && draft)
    throw needsLlm('write responses', 'Leave --draft out, or name an LLM with --provider and --model.');
  if (isOffline && measures.includes('open-endedness')) throw needsLlm(`answer, as "${strategy.name}" has it`);
  if (isOffline && judge === 'llm')
    throw needsLlm('judge as an LLM does', `${GIVE_A_PROVIDER} Or use the judge "expert" or "offline".`);
  if (strategy.needs.llm || draft || measures.includes('open-endedness')) return true;
  if (measures.includes('likelihood')) return !isOffline;
  const judged = measures.some((name) => name !== 'field');
  return judged && (judge === undefined ? !isOffline : judge === 'llm');
}

function needsLlm(task: string, hint = GIVE_A_PROVIDER): UsageError {
  return new UsageError(`The offline stand-in cannot ${task}.`, hint);
}
