import type { MatrixKernel } from '../math/matrix-kernel.ts';
import type { Asker } from '../models/asker.ts';
import type { PromptTemplate } from '../models/prompt-template.ts';
import type { Candidates } from './find-candidates.ts';
import type { PreparedSelection, Strategy, StrategyContext, StrategyOptions } from './strategies/strategy.ts';

/** What strategies work with, each opened when it is first needed. */
export interface StrategyTools {
  kernel(): Promise<MatrixKernel>;
  /** The LLM that chooses. */
  writer(): Promise<Asker>;
  asksLlm(strategy: Strategy, options: StrategyOptions): boolean;
  promptsOf(used: Strategy['prompts']): ReadonlyMap<string, PromptTemplate>;
}

/** One choice that is to be made: of what, how many, and by which options. */
export interface SelectionTask extends Omit<StrategyContext, 'candidates' | 'copies' | 'kernel' | 'asker' | 'prompts'> {
  readonly candidates: Pick<Candidates, 'positions' | 'copies'>;
}

/** Has a strategy prepare a choice: everything before the first question. */
export async function prepareStrategy(
  strategy: Strategy,
  { candidates, ...task }: SelectionTask,
  tools: StrategyTools,
): Promise<PreparedSelection> {
  const { positions, copies } = candidates;
  return strategy.prepare({
    ...task,
    candidates: positions,
    // Scoring the copies too would cost calls.
    copies: tools.asksLlm(strategy, task.options) ? undefined : copies,
    kernel: await tools.kernel(),
    asker: strategy.needs.llm ? await tools.writer() : undefined,
    prompts: tools.promptsOf(strategy.prompts),
  });
}
