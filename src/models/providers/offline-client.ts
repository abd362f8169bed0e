import { ProviderError } from '../../domain/errors.ts';
import { NO_USAGE } from '../../domain/usage.ts';
import { chooseCandidates } from '../offline/choose-candidates.ts';
import { explainChoice } from '../offline/explain-choice.ts';
import type { LlmClient, LlmReply, LlmRequest, LlmTask } from './llm-client.ts';

/** Changes whenever the ranker would answer differently, as a model snapshot does. */
const OFFLINE_MODEL = 'offline-ranker-2';

/**
 * A stand-in for an LLM: no key, no network, no cost, the same answer every time. It scores each candidate by what its
 * text shows (clarity, parts, depth, constraints, specifics, length) and by what it adds to the coverage of the pool. It
 * understands nothing: use it to try things out, in tests, and as a baseline.
 *
 * It reads the request's task and ignores its messages, so prompts do not change what it answers. Work per candidate is
 * bounded, however long the text: well under a millisecond for common ones.
 */
export function offlineClient(): LlmClient {
  return {
    provider: 'offline',
    model: OFFLINE_MODEL,
    endpoint: 'local',
    usesCoverage: true,
    async complete(request: LlmRequest, signal?: AbortSignal): Promise<LlmReply> {
      signal?.throwIfAborted();
      return { text: answer(request.task), model: OFFLINE_MODEL, usage: NO_USAGE, stop: 'complete' };
    },
  };
}

/** @throws ProviderError when more is asked for than there is */
function answer(task: LlmTask): string {
  if (task.kind !== 'choose') throw cannotDo(task.kind);
  if (task.count > task.candidates.length) {
    throw new ProviderError(
      `Asked to choose ${task.count} of ${task.candidates.length} candidates.`,
      { provider: 'offline', retryable: false, billing: 'none' },
      { hint: 'Ask for no more choices than the query has candidates.' },
    );
  }
  const choices = chooseCandidates(task.candidates, task.count, task.gains);
  return JSON.stringify({
    choices: choices.map((choice) => ({
      id: choice.candidate.id,
      reason: explainChoice(choice),
    })),
  });
}

function cannotDo(kind: string): ProviderError {
  return new ProviderError(
    `The offline stand-in chooses; it cannot ${kind}.`,
    { provider: 'offline', retryable: false, billing: 'none' },
    { hint: 'Use a provider, or what winnow offers for that without one.' },
  );
}
