import type { Asker } from '../models/asker.ts';
import type { Embedder } from '../models/embedders/embedder.ts';
import type { PromptTemplate } from '../models/prompt-template.ts';
import { loadExpertScorer } from '../selection/judges/expert/scorer-file.ts';
import { expertJudge, isScoredByExperts } from '../selection/judges/expert-judge.ts';
import type { Criterion, Judge } from '../selection/judges/judge.ts';
import { JUDGE_PROMPTS, llmJudge } from '../selection/judges/llm-judge.ts';
import { offlineJudge } from '../selection/judges/offline-judge.ts';
import type { JudgeKind, ScoringOptions } from '../selection/strategies/scoring-options.ts';

/** What judges are made of, each opened when it is first needed. */
export interface JudgeSources {
  judgingLlm(): Promise<{ readonly asker: Asker; readonly endpoint: string }>;
  /** One that runs here: what a stand-in reads must not cost anything. */
  localEmbedder(): Promise<Embedder>;
  prompt(id: string, variables: readonly string[]): PromptTemplate;
}

/**
 * Who judges a criterion: whom the options name, else the LLM where there is one, else the expert scorer. What that
 * cannot judge, which is all that is not a response, the offline judge does.
 */
export function judgeKindFor(criterion: Criterion, { judge, scorer }: ScoringOptions, provider: string): JudgeKind {
  const kind = judge ?? (scorer === undefined && provider !== 'offline' ? 'llm' : 'expert');
  return kind === 'expert' && !isScoredByExperts(criterion) ? 'offline' : kind;
}

/**
 * Opens a judge of that kind.
 * @param scorer path of an expert scorer instead of the one that ships with winnow
 * @throws ScorerError when that cannot be read
 */
export async function openJudge(
  criterion: Criterion,
  kind: JudgeKind,
  sources: JudgeSources,
  scorer?: string,
): Promise<Judge> {
  if (kind === 'llm') {
    const { id, variables } = JUDGE_PROMPTS[criterion];
    return llmJudge(criterion, { ...(await sources.judgingLlm()), prompt: sources.prompt(id, variables) });
  }
  if (kind === 'expert' && isScoredByExperts(criterion)) {
    return expertJudge(criterion, scorer === undefined ? {} : { model: loadExpertScorer(scorer) });
  }
  return offlineJudge(criterion, { embedder: await sources.localEmbedder() });
}
