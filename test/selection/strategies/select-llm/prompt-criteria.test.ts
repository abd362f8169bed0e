import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../../src/math/create-matrix-kernel.ts';
import { loadPrompt } from '../../../../src/models/prompt-template.ts';
import type { LlmClient, LlmReply, LlmRequest, PromptCandidate } from '../../../../src/models/providers/llm-client.ts';
import { selectLlmStrategy } from '../../../../src/selection/strategies/select-llm/select-llm.ts';
import { instructionOf, strategyContext } from '../../../../src/testing/strategy-context.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/**
 * A chooser that does what the prompt says and nothing else: it reads the criteria in the system message and the
 * candidates in the user message, as an LLM does, and knows how well each candidate meets each criterion. What the
 * prompt does not ask for, it does not do.
 */
const VARIABLES = ['count', 'total', 'candidates'];
const PROMPT = readFileSync(new URL('../../../../prompts/select.md', import.meta.url), 'utf8');
const CRITERIA = ['clear', 'rich', 'specific', 'different', 'instructive'] as const;
type Criterion = (typeof CRITERIA)[number];

/** For each criterion two candidates that differ by it alone. The worse one has the lower letter. */
const PAIRS: Readonly<Record<Criterion, readonly [worse: string, better: string]>> = {
  clear: ['A and then the one from before', 'B Explain how a bill becomes law in a bicameral parliament.'],
  rich: ['A What is the boiling point of water?', 'B Compare three ways to purify water and justify a choice.'],
  specific: ['A Write something about dogs.', 'B Write a 60-word advert for a dog walker, without adjectives.'],
  different: [
    'A Compare four ways to purify water and justify a choice.',
    'B Plan a week of vegetarian school lunches.',
  ],
  instructive: ['A Say hello in English.', 'B Find the mistake in this proof that 1 equals 2.'],
};

function meets(criterion: Criterion, text: string, chosen: readonly string[]): boolean {
  const [worse] = PAIRS[criterion];
  if (criterion !== 'different') return text !== worse;
  return !(text === worse && chosen.includes(PAIRS.rich[1]));
}

/** The criteria a prompt asks for: the first word of every point of a list. */
function criteriaIn(system: string): Criterion[] {
  const words = [...system.matchAll(/^- (\w+)/gm)].map(([, word]) => word);
  return CRITERIA.filter((criterion) => words.includes(criterion));
}

const obedient: LlmClient = {
  provider: 'openai',
  model: 'scripted',
  endpoint: 'local',
  complete: async ({ system, messages }: LlmRequest): Promise<LlmReply> => {
    const user = messages[0]!.content;
    const count = Number(/Choose exactly (\d+)/.exec(user)![1]);
    const lines = [...user.matchAll(/^\{"id":"([bcdfghjkmnpqrstvwxz]{2})"\} (.*)$/gm)];
    const candidates = lines.map(([, id, instruction]): PromptCandidate => ({ id: id!, instruction: instruction! }));
    const asked = criteriaIn(system);
    const chosen: PromptCandidate[] = [];
    while (chosen.length < count) {
      const texts = chosen.map(({ instruction }) => instruction);
      const met = ({ instruction }: PromptCandidate) =>
        asked.filter((criterion) => meets(criterion, instruction, texts)).length;
      const open = candidates.filter((candidate) => !chosen.includes(candidate));
      // Of equal ones the better member of the first pair, so that the copy of it is always decided on later.
      const rank = ({ instruction }: PromptCandidate) => (instruction === PAIRS.rich[1] ? '' : instruction);
      open.sort((a, b) => met(b) - met(a) || (rank(a) < rank(b) ? -1 : 1));
      chosen.push(open[0]!);
    }
    const text = chosen.map(({ id }) => id).join(' ');
    return {
      text,
      model: 'scripted',
      usage: { inputTokens: 600, cachedInputTokens: 0, outputTokens: 60 },
      stop: 'complete',
    };
  },
};

let kernel: OwnedMatrixKernel;
beforeAll(async () => {
  kernel = await createMatrixKernel({ threads: 1 });
});
afterAll(() => kernel.release());
const folder = temporaryFolder();

/** What is chosen with a prompt, 5 of 10 in one query. */
async function chosenWith(prompt: string, name: string): Promise<string[]> {
  folder.write(`${name}/select.md`, prompt);
  const texts = Object.values(PAIRS).flat();
  const instructions = texts.map((text, position) => instructionOf(text, position));
  const context = strategyContext(
    selectLlmStrategy,
    kernel,
    {
      instructions,
      count: CRITERIA.length,
      options: { perQuery: 5, itemsPerQuery: 10 },
      prompts: new Map([['select', loadPrompt('select', VARIABLES, folder.file(name))]]),
    },
    obedient,
  );
  const { picks } = await (await selectLlmStrategy.prepare(context)).select();
  return picks.map(({ position }) => texts[position]!);
}

describe('the criteria of the prompt that chooses', () => {
  it('are those the paper asks for, one point each', () => {
    expect(criteriaIn(loadPrompt('select', VARIABLES).render({ count: '', total: '', candidates: '' }).system)).toEqual(
      CRITERIA,
    );
  });

  it('lead an obedient chooser to the better candidate of every pair', async () => {
    const chosen = await chosenWith(PROMPT, 'whole');
    expect(chosen.toSorted()).toEqual(
      Object.values(PAIRS)
        .map(([, better]) => better)
        .toSorted(),
    );
  });

  it.each(CRITERIA)('are all needed: without "%s" the worse candidate of its pair is chosen', async (criterion) => {
    const without = PROMPT.replace(new RegExp(`^- ${criterion}\\b.*\\n(?: {2}.*\\n)*`, 'm'), '');
    expect(without.length).toBeLessThan(PROMPT.length);
    const chosen = await chosenWith(without, criterion);
    expect(chosen).toContain(PAIRS[criterion][0]);
  });
});
