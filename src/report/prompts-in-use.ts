import { resolve } from 'node:path';
import type { CampaignContext } from '../campaign/campaign-context.ts';
import { promptEditionOf } from '../campaign/config/earlier-defaults.ts';
import { PromptError } from '../domain/errors.ts';
import { REPAIR_PROMPT } from '../models/llm-asker.ts';
import { loadPrompt } from '../models/prompt-template.ts';
import { CRITERIA, NECESSITY, type PromptDeclaration } from '../selection/judges/criteria.ts';
import { judgeKindFor } from '../selection/judges/registry.ts';
import { allPrompts } from '../selection/measures/open-measures.ts';
import { STRATEGIES } from '../selection/strategies/registry.ts';
import type { Provenance } from './report-data.ts';
import type { ReportFacts } from './report-facts.ts';

/**
 * The prompts of the planned rounds and of the judges, as they are on disk now. Includes prompts of the user.
 * @throws PromptError if one cannot be read
 */
export function promptsInUse(facts: ReportFacts, context: CampaignContext): Provenance['prompts'] {
  const { config, folder, state } = context;
  const edition = promptEditionOf(state);
  const { prompts: own } = config.requests;
  const variables = new Map<string, readonly string[]>();
  for (const { id, variables: required } of declaredPrompts(facts, context)) variables.set(id, required);
  return [...variables]
    .map(([name, required]) =>
      loadPrompt(name, required, own === undefined ? undefined : resolve(folder, own), edition),
    )
    .map(({ id, version, hash }) => ({ id, version, sha256: hash }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The same, or the reason why they cannot be listed. */
export function promptsOrProblem(
  facts: ReportFacts,
  context: CampaignContext,
): { readonly prompts: Provenance['prompts']; readonly problem?: string } {
  try {
    return { prompts: promptsInUse(facts, context) };
  } catch (error) {
    if (!(error instanceof PromptError)) throw error;
    return { prompts: [], problem: `The prompts cannot be listed: ${error.message}` };
  }
}

function declaredPrompts({ plans, instructions }: ReportFacts, { config }: CampaignContext): PromptDeclaration[] {
  const judging = (config.judge ?? config.llm).provider;
  const ofRounds = plans.flatMap(({ strategy: name, options }): readonly PromptDeclaration[] => {
    const strategy = STRATEGIES.find(name);
    return allPrompts(strategy, options, instructions, judging);
  });
  const judged = [NECESSITY, ...(config.quality === undefined ? [] : [CRITERIA.find(config.quality.criterion)])];
  const ofJudges = judged.flatMap((criterion) => judgeKindFor(criterion, {}, judging).prompts(criterion));
  const all = [...ofRounds, ...ofJudges];
  return all.length === 0 ? [] : [...all, REPAIR_PROMPT];
}

/** How LLM judges name their prompt. */
const PROMPT_OF_JUDGE = /, (\S+) version (\S+) \(([0-9a-f]+)\)/;

/** A note for each prompt that has changed since answers were judged with it. */
export function changedPrompts({ evaluations }: ReportFacts, prompts: Provenance['prompts']): string[] {
  const rounds = new Map<string, Set<number>>();
  for (const [round, judged] of evaluations) {
    for (const judge of new Set(judged.map((evaluation) => evaluation.judge))) {
      const [, id, version, hash] = PROMPT_OF_JUDGE.exec(judge) ?? [];
      const now = prompts.find((prompt) => prompt.id === id);
      if (now === undefined || hash === undefined || now.sha256.startsWith(hash)) continue;
      const prompt = `${id} version ${version} (${hash})`;
      rounds.set(prompt, (rounds.get(prompt) ?? new Set()).add(round));
    }
  }
  return [...rounds].map(([prompt, numbers]) => {
    const which = `${numbers.size === 1 ? 'round' : 'rounds'} ${[...numbers].join(', ')}`;
    return `The answers of ${which} were judged with ${prompt}. This prompt has changed since then.`;
  });
}
