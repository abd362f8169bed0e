import type { Instruction } from '../../domain/instruction.ts';
import { type CallCost, sumCallCosts, sumOfTries } from '../../domain/usage.ts';
import type { Asker } from '../../models/asker.ts';
import type { PromptTemplate } from '../../models/prompt-template.ts';
import type { LlmRequest } from '../../models/providers/llm-client.ts';
import { givenResponses, type ResponseSource } from './response-source.ts';
import { storedAnswer, writingCost, writtenAnswer } from './written-answer.ts';

/** The prompt that asks for a draft, and what it must use. */
export const DRAFT_PROMPT = { id: 'draft', variables: ['item'] } as const;

/** Half as much again as the prompt allows, in words of a wordier language. */
const MAX_OUTPUT_TOKENS = 1_536;
/** For the probable cost only: a paragraph or two. */
const USUAL_OUTPUT_TOKENS = 250;
/** As judges will read it. */
const USUAL_DRAFT = ' x'.repeat(USUAL_OUTPUT_TOKENS);
/** Quoted, a text is longer than it is; and judges read no more than this. */
const LONGEST_DRAFT = ' x'.repeat(2_048);

/**
 * The responses the records came with and, where they came without, what an LLM writes: one call each, paid for once,
 * at temperature 0 and of at most 1,536 tokens; one that comes to no end is a response all the same. Where it declines or
 * says nothing there is none, and asking anew asks for another draft.
 */
export function draftedResponses(
  asker: Asker,
  prompt: PromptTemplate,
  instructions: readonly Instruction[],
): ResponseSource {
  const given = givenResponses(instructions);
  const isGiven = (position: number) => instructions[position]!.output !== undefined;
  const requestFor = (position: number): LlmRequest => {
    const { instruction, input } = instructions[position]!;
    const item = JSON.stringify(input === undefined ? { instruction } : { instruction, input });
    const { system, user } = prompt.render({ item });
    return {
      system,
      messages: [{ role: 'user', content: user }],
      maxOutputTokens: MAX_OUTPUT_TOKENS + asker.reasoningTokens,
      temperature: 0,
      task: { kind: 'answer' },
    };
  };
  return {
    name:
      `drafts by ${asker.provider} ${asker.model} (${prompt.id} version ${prompt.version}, ` +
      `${prompt.hash.slice(0, 12)}) where there was no response`,
    shortName: 'drafts',
    concurrency: asker.concurrency,
    estimate: (position, then, options) => {
      if (isGiven(position)) return given.estimate(position, then, options);
      const request = requestFor(position);
      const stored = storedAnswer(asker, request, upTo(options.generation));
      if ('text' in stored) return then(stored.text);
      const once = writingCost(asker, request, USUAL_OUTPUT_TOKENS);
      const drafting = sumOfTries(Array.from({ length: stored.unasked }, () => once));
      // What cannot be drafted is not judged either.
      if (drafting.calls.worstCase === 0) return drafting;
      return sumCallCosts([drafting, between(then(USUAL_DRAFT), then(LONGEST_DRAFT))]);
    },
    response: async (position, { subject, generation, signal }) => {
      if (isGiven(position)) return given.response(position, { subject, generation });
      const options = { kind: DRAFT_PROMPT.id, subject, what: 'the draft', generations: upTo(generation), signal };
      const { value, costMicroUsd } = await writtenAnswer(asker, requestFor(position), options);
      return { text: value, costMicroUsd, isDraft: true };
    },
  };
}

/** The first that is usable stays the draft, however often judging it is tried again. */
function upTo(generation: number): number[] {
  return Array.from({ length: generation + 1 }, (_, earlier) => earlier);
}

function between(usual: CallCost, longest: CallCost): CallCost {
  const range = (name: keyof CallCost) => ({ expected: usual[name].expected, worstCase: longest[name].worstCase });
  return { calls: range('calls'), tokens: range('tokens'), costMicroUsd: range('costMicroUsd') };
}
