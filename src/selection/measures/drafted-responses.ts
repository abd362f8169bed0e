import type { Instruction } from '../../domain/instruction.ts';
import { type CallCost, sumCallCosts, sumOfTries } from '../../domain/usage.ts';
import type { Asker } from '../../models/asker.ts';
import type { PromptTemplate } from '../../models/prompt-template.ts';
import type { LlmRequest } from '../../models/providers/llm-client.ts';
import { itemForm } from '../judges/item-form.ts';
import { itemTexts } from '../judges/shown-item.ts';
import { givenResponses, type ResponseSource } from './response-source.ts';
import { storedAnswer, writingCost, writtenAnswer } from './written-answer.ts';

/** The prompt that asks for a draft, with the variables it must use. */
export const DRAFT_PROMPT = { id: 'draft', variables: ['item'] } as const;

/** One and a half times what the prompt allows, in words of a wordier language. */
const MAX_OUTPUT_TOKENS = 1_536;
/** Of these, an earlier conversation takes half at most; longer ones are shortened. Instruction and input stay whole. */
const ITEM_TOKENS = 4_000;
/** For the expected cost only: a paragraph or two. */
const USUAL_OUTPUT_TOKENS = 250;
/** A usual draft, for estimates of judging it. */
const USUAL_DRAFT = ' x'.repeat(USUAL_OUTPUT_TOKENS);
/** Quoting makes a text longer, and judges read no more than this. */
const LONGEST_DRAFT = ' x'.repeat(2_048);

/**
 * The responses of the records and, for records without one, drafts by an LLM: one call each, paid for once, at
 * temperature 0, at most 1,536 tokens. A draft cut at that limit counts as a response. A refusal or an empty reply does
 * not: a retry asks for another draft.
 */
export function draftedResponses(
  asker: Asker,
  prompt: PromptTemplate,
  instructions: readonly Instruction[],
): ResponseSource {
  const given = givenResponses(instructions);
  const isGiven = (position: number) => instructions[position]!.output !== undefined;
  const requestFor = (position: number): LlmRequest => {
    const form = itemForm(prompt);
    const texts = itemTexts(instructions[position]!, ITEM_TOKENS, (text) => asker.countTokens(text), form);
    const { system, user } = prompt.render({ item: form.shown(texts) });
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
      // Without a draft there is nothing to judge.
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

/** The first usable draft is kept, even when judging it is retried. */
function upTo(generation: number): number[] {
  return Array.from({ length: generation + 1 }, (_, earlier) => earlier);
}

function between(usual: CallCost, longest: CallCost): CallCost {
  const range = (name: keyof CallCost) => ({ expected: usual[name].expected, worstCase: longest[name].worstCase });
  return { calls: range('calls'), tokens: range('tokens'), costMicroUsd: range('costMicroUsd') };
}
