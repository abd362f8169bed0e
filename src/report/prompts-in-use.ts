import { resolve } from 'node:path';
import type { CampaignContext } from '../campaign/campaign-context.ts';
import { PromptError } from '../domain/errors.ts';
import { REPAIR_PROMPT } from '../models/llm-asker.ts';
import { loadPrompt } from '../models/prompt-template.ts';
import { judgeKindFor } from '../runs/open-judge.ts';
import { measurePrompts, measuresOf } from '../runs/open-measures.ts';
import type { Criterion } from '../selection/judges/judge.ts';
import { JUDGE_PROMPTS } from '../selection/judges/llm-judge.ts';
import { findStrategy } from '../selection/strategies/registry.ts';
import { scoringOf } from '../selection/strategies/scoring-options.ts';
import type { Provenance } from './report-data.ts';
import type { ReportFacts } from './report-facts.ts';

/**
 * The prompts of the rounds planned so far and of the judges, as they are on the disk now; own ones among them.
 * @throws PromptError where one cannot be read
 */
export function promptsInUse(facts: ReportFacts, context: CampaignContext): Provenance['prompts'] {
  const { config, folder } = context;
  const { prompts: own } = config.requests;
  const variables = new Map<string, readonly string[]>();
  for (const { id, variables: required } of declaredPrompts(facts, context)) variables.set(id, required);
  return [...variables]
    .map(([name, required]) => loadPrompt(name, required, own === undefined ? undefined : resolve(folder, own)))
    .map(({ id, version, hash }) => ({ id, version, sha256: hash }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The same, or why they cannot be told. */
export function promptsOrProblem(
  facts: ReportFacts,
  context: CampaignContext,
): { readonly prompts: Provenance['prompts']; readonly problem?: string } {
  try {
    return { prompts: promptsInUse(facts, context) };
  } catch (error) {
    if (!(error instanceof PromptError)) throw error;
    return { prompts: [], problem: `The prompts cannot be told: ${error.message}` };
  }
}

type DeclaredPrompt = { readonly id: string; readonly variables: readonly string[] };

function declaredPrompts({ plans, instructions }: ReportFacts, { config }: CampaignContext): DeclaredPrompt[] {
  const judging = (config.judge ?? config.llm).provider;
  const ofRounds = plans.flatMap(({ strategy: name, options }): DeclaredPrompt[] => {
    const strategy = findStrategy(name);
    const measures = measuresOf(strategy, options, instructions);
    return [...strategy.prompts, ...measurePrompts(measures, scoringOf(options), judging)];
  });
  const judged: Criterion[] = ['necessity', ...(config.quality === undefined ? [] : [config.quality.criterion])];
  const ofJudges = judged
    .filter((criterion) => judgeKindFor(criterion, {}, judging) === 'llm')
    .map((criterion) => JUDGE_PROMPTS[criterion]);
  const all = [...ofRounds, ...ofJudges];
  return all.length === 0 ? [] : [...all, REPAIR_PROMPT];
}
