import type { ProviderName } from '../domain/providers.ts';
import type { Embedder } from '../embedders/embedder.ts';
import { UsageError } from '../errors/usage-error.ts';
import { type Criterion, type Judge, judgesResponse } from '../judges/judge.ts';
import { JUDGE_PROMPTS, llmJudge } from '../judges/llm-judge.ts';
import { offlineJudge } from '../judges/offline-judge.ts';
import type { Asker } from '../llm/asker.ts';
import type { PromptTemplate } from '../llm/prompt-template.ts';
import type { JudgeKind } from '../strategies/scoring-options.ts';

/** What judges are made of, each opened when it is first needed. */
export interface JudgeSources {
  judgingLlm(): Promise<{ readonly asker: Asker; readonly endpoint: string }>;
  /** One that runs here: what a stand-in reads must not cost anything. */
  localEmbedder(): Promise<Embedder>;
  prompt(id: string, variables: readonly string[]): PromptTemplate;
}

/** The LLM where there is one, else the expert scorer for responses and the offline judge for the rest. */
export function defaultJudge(criterion: Criterion, provider: ProviderName): JudgeKind {
  if (provider !== 'offline') return 'llm';
  return scoredByExperts(criterion) ? 'expert' : 'offline';
}

/**
 * Opens a judge of that kind.
 * @throws UsageError where the expert scorer is to judge what it was not trained for
 */
export async function openJudge(criterion: Criterion, kind: JudgeKind, sources: JudgeSources): Promise<Judge> {
  if (kind === 'llm') {
    const { id, variables } = JUDGE_PROMPTS[criterion];
    return llmJudge(criterion, { ...(await sources.judgingLlm()), prompt: sources.prompt(id, variables) });
  }
  if (kind === 'expert' && !scoredByExperts(criterion)) {
    throw new UsageError(
      `The expert scorer compares responses; it cannot judge ${criterion}.`,
      'Use the judge "offline" or "llm".',
    );
  }
  return offlineJudge(criterion, { embedder: await sources.localEmbedder() });
}

/** How good a response is; how well a seed model does is judged on a scale of its own. */
function scoredByExperts(criterion: Criterion): boolean {
  return judgesResponse(criterion) && criterion !== 'necessity';
}
