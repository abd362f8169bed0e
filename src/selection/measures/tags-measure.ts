import { z } from 'zod';
import { ReplyError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import type { Asker } from '../../models/asker.ts';
import { answerOf, costOfAnswer } from '../../models/generations.ts';
import type { PromptTemplate } from '../../models/prompt-template.ts';
import type { LlmRequest } from '../../models/providers/llm-client.ts';
import { readJsonReply } from '../../models/read-json-reply.ts';
import { itemForm } from '../judges/item-form.ts';
import { itemTexts, shownTexts } from '../judges/shown-item.ts';
import { itemMeasure } from './item-measure.ts';
import type { Measure, MeasureKind } from './measure.ts';

/** Name of the measure. */
export const TAGS = 'tags';
const TAG_PROMPT = { id: 'tag', variables: ['item'] } as const;

const reply = z.object({ tags: z.array(z.string()) });
const MOST_TAGS = 8;
const MOST_TAG_CHARACTERS = 60;
/** Most tokens of an item's texts together; longer ones are shortened. */
const ITEM_TOKENS = 1_000;
const OUTPUT_TOKENS = { expected: 20, most: 200 };

/** The tags an LLM gives an instruction, as a kind of measure. The value is their number. */
export const tagsMeasureKind: MeasureKind = {
  name: TAGS,
  summary: 'tags by an LLM: what an instruction is about and asks for',
  of: 'instruction',
  needs: 'writer',
  task: 'tag instructions',
  prompts: () => [TAG_PROMPT],
  open: async (_options, instructions, sources) =>
    tagsMeasure(await sources.writer(), sources.prompt(TAG_PROMPT.id, TAG_PROMPT.variables), instructions),
};

/**
 * Tags by an LLM, one call per item and up to three when replies need repairs. Every usable reply is paid for once.
 * Source: the tags of MIG (arXiv 2504.13835) and InsTag (arXiv 2308.07074); the prompt is our own.
 */
export function tagsMeasure(asker: Asker, prompt: PromptTemplate, instructions: readonly Instruction[]): Measure {
  const countTokens = (text: string) => asker.countTokens(text);
  const requestFor = (position: number): LlmRequest => {
    const form = itemForm(prompt);
    const texts = itemTexts(instructions[position]!, ITEM_TOKENS, countTokens, form);
    const { system, user } = prompt.render({ item: shownTexts(texts, ITEM_TOKENS, countTokens, form) });
    return {
      system,
      messages: [{ role: 'user', content: user }],
      schema: prompt.layout === 1 ? { name: 'tags', definition: reply } : { name: 'tags', bounded: reply },
      maxOutputTokens: OUTPUT_TOKENS.most + asker.reasoningTokens,
      temperature: 0,
      task: { kind: 'answer' },
    };
  };
  return itemMeasure({
    name: `tags by ${asker.provider} ${asker.model} (${prompt.id} version ${prompt.version}, ${prompt.hash.slice(0, 12)})`,
    shortName: `tags by ${asker.provider} ${asker.model}`,
    scale: { min: 1, max: MOST_TAGS },
    isScore: false,
    concurrency: asker.concurrency,
    estimate: (position, { generation }) =>
      costOfAnswer(asker, { request: requestFor(position), parse: parseTags }, generation, OUTPUT_TOKENS.expected),
    measure: async (position, { generation, signal }) => {
      const request = requestFor(position);
      const question = { kind: TAG_PROMPT.id, subject: instructions[position]!.id, request, parse: parseTags };
      const { value: tags, model, costMicroUsd } = await answerOf(asker, question, generation, signal);
      return { value: tags.length, reason: `tags: ${tags.join(', ')}`, tags, model, costMicroUsd };
    },
  });
}

/** @throws ReplyError with the problem, in words the model can act on */
function parseTags(text: string): readonly string[] {
  return /[{[]/.test(text) ? readJsonReply(text, readTags) : usableTags(text.split(/[,;\n]/));
}

function readTags(value: unknown): readonly string[] {
  const parsed = reply.safeParse(value);
  if (!parsed.success) throw new ReplyError('it is not of the form {"tags": ["…", "…"]}.');
  return usableTags(parsed.data.tags);
}

function usableTags(given: readonly string[]): readonly string[] {
  const tags = [...new Set(given.map((tag) => tag.trim().toLowerCase().toWellFormed()))];
  const usable = tags.filter((tag) => tag !== '');
  if (usable.length === 0) throw new ReplyError('it has no tag.');
  if (usable.length > MOST_TAGS) throw new ReplyError(`it has ${usable.length} tags, more than ${MOST_TAGS}.`);
  const long = usable.find((tag) => tag.length > MOST_TAG_CHARACTERS);
  if (long !== undefined) throw new ReplyError(`the tag "${long.slice(0, 80).toWellFormed()}" is too long.`);
  return usable;
}
