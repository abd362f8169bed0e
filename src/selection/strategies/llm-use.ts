import { UsageError } from '../../domain/errors.ts';
import { option, sentence, type Wording } from '../../domain/wording.ts';
import { PROVIDERS } from '../../models/providers/registry.ts';
import { scoringOf } from './scoring-options.ts';
import type { Strategy, StrategyOptions } from './strategy.ts';

const GIVE_A_PROVIDER = sentence`Name an LLM with ${option('provider')} and ${option('model')}.`;

/** Who serves the LLM that chooses and writes, and the one that judges. */
export interface Providers {
  readonly writing: string;
  readonly judging: string;
}

/**
 * Whether a strategy asks an LLM with these options: to choose, to judge, to write responses.
 * @param options normalized
 * @throws UsageError where it needs a real one and there is only the offline stand-in
 */
export function asksLlm(strategy: Strategy, options: StrategyOptions, { writing, judging }: Providers): boolean {
  const { judge, scorer, draft } = scoringOf(options);
  const measures = strategy.measures(options, { hasResponses: true });
  const answers = measures.includes('open-endedness');
  if (writing === 'offline' && draft)
    throw needsLlm('write responses', sentence`Leave out ${option('draft')}. ${GIVE_A_PROVIDER}`);
  if (writing === 'offline' && answers) throw needsLlm(`answer, as "${strategy.name}" has it`);
  if (judging === 'offline' && judge === 'llm') {
    throw needsLlm(
      'judge as an LLM does',
      sentence`${GIVE_A_PROVIDER} Or use ${option('judge', 'expert')} or ${option('judge', 'offline')}.`,
    );
  }
  if (strategy.needs.llm || draft || answers) return true;
  if (measures.includes('likelihood')) {
    const { weighsText, tasks } = PROVIDERS.find(writing);
    if (!weighsText && tasks.includes('answer')) throw withoutLikelihoods(writing);
    return weighsText;
  }
  if (scorer !== undefined && judge !== undefined && judge !== 'expert') {
    throw new UsageError(
      sentence`${option('scorer')} does nothing for the judge "${judge}".`,
      sentence`Use ${option('judge', 'expert')}.`,
    );
  }
  const judged = measures.some((name) => name !== 'field');
  return judged && (judge === 'llm' || (judge === undefined && scorer === undefined && judging !== 'offline'));
}

/** For a provider that does not tell how likely a text is by itself. */
export function withoutLikelihoods(provider: string): UsageError {
  return new UsageError(
    `Perplexity takes the log-probabilities of prompts, which ${provider} does not give.`,
    sentence`Use ${option('provider', 'compatible')} with a server that gives them, such as vLLM, or ${option('provider', 'offline')}.`,
  );
}

function needsLlm(task: string, hint: Wording = GIVE_A_PROVIDER): UsageError {
  return new UsageError(`The offline stand-in cannot ${task}.`, hint);
}
