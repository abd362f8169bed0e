import { UsageError } from '../../domain/errors.ts';
import { option, type Sentence, sentence } from '../../domain/wording.ts';
import { PROVIDERS } from '../../models/providers/registry.ts';
import { namedJudge } from '../judges/registry.ts';
import { withoutLikelihoods } from '../measures/likelihood-measure.ts';
import type { Providers } from '../measures/measure.ts';
import { MEASURES } from '../measures/registry.ts';
import type { Strategy, StrategyOptions } from './strategy.ts';

const NAME_AN_LLM = sentence`Name an LLM with ${option('provider')} and ${option('model')}.`;

/**
 * Whether a strategy asks an LLM with these options: to choose, to judge or to write responses.
 * @param options normalized
 * @throws UsageError when it needs a real LLM and there is only the offline stand-in; for an unknown judge
 */
export function asksLlm(strategy: Strategy, options: StrategyOptions, { writing, judging }: Providers): boolean {
  if (strategy.parts) {
    const providers = { writing, judging };
    // All of them, so that each can say what it lacks.
    return strategy
      .parts(options)
      .map((part) => asksLlm(part.strategy, part.options, providers))
      .some(Boolean);
  }
  const judge = namedJudge(options);
  const kinds = strategy.measures(options, { hasResponses: true }).map((name) => MEASURES.find(name));
  const needs = kinds.map((kind) => kind.needs);
  if (writing === 'offline' && options.draft) {
    throw needsLlm('write responses', sentence`Leave out ${option('draft')}. ${NAME_AN_LLM}`);
  }
  const written = kinds.find((kind) => kind.needs === 'writer');
  if (writing === 'offline' && written)
    throw needsLlm(`${written.task ?? 'answer instructions'}, which "${strategy.name}" needs`);
  if (judging === 'offline' && judge?.needs === 'llm') {
    throw needsLlm(
      'judge as an LLM does',
      sentence`${NAME_AN_LLM} Or use ${option('judge', 'expert')} or ${option('judge', 'offline')}.`,
    );
  }
  if (strategy.needs.llm || options.draft || needs.includes('writer')) return true;
  if (needs.includes('likelihoods')) {
    const { weighsText, tasks } = PROVIDERS.find(writing);
    const { task } = kinds.find((kind) => kind.needs === 'likelihoods')!;
    if (!weighsText && tasks.includes('answer')) throw withoutLikelihoods(writing, task);
    return weighsText;
  }
  if (needs.includes('confidence') && writing !== 'offline') return true;
  return needs.includes('judge') && (judge === undefined ? judging !== 'offline' : judge.needs === 'llm');
}

function needsLlm(task: string, hint: Sentence = NAME_AN_LLM): UsageError {
  return new UsageError(`The offline stand-in cannot ${task}.`, hint);
}
