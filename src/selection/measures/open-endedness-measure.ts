import { chatMessages, openAiTools } from '../../domain/chat-messages.ts';
import { ReplyError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import { type CallCost, sumCallCosts, sumOfTries } from '../../domain/usage.ts';
import type { Asker } from '../../models/asker.ts';
import type { LlmRequest } from '../../models/providers/llm-client.ts';
import { distinctBigrams } from '../../text/words.ts';
import { itemMeasure } from './item-measure.ts';
import type { Measure, MeasureKind } from './measure.ts';
import { storedAnswer, writingCost, writtenAnswer } from './written-answer.ts';

/** About 350 words: enough to distinguish a fact from an essay, and cheap enough to draw several. */
const MAX_OUTPUT_TOKENS = 512;
const USUAL_OUTPUT_TOKENS = 200;
/** The distance between the generations of two attempts: more than the possible number of answers. */
const GENERATIONS_APART = 1_000;

/** The default number of answers. */
export const DEFAULT_GENERATIONS = 3;

/** The variety of a model's answers, as a kind of measure. */
export const openEndednessMeasureKind: MeasureKind = {
  name: 'open-endedness',
  summary: 'different word pairs in several answers of a model',
  of: 'instruction',
  needs: 'writer',
  prompts: () => [],
  open: async ({ generations = DEFAULT_GENERATIONS }, instructions, sources) =>
    openEndednessMeasure(await sources.writer(), instructions, Number(generations)),
};

/**
 * The variety of a model's answers to an instruction: the number of different word bigrams in several answers, drawn at
 * temperature 1 and cut at 512 tokens. The item's turns are sent unchanged, without a prompt of ours. One call per item and
 * generation. A refusal or an empty answer leaves no usable value.
 * Source: the open-endedness baseline of SelectLLM (arXiv 2401.16553).
 * @param generations how many answers, 1 … 100
 */
export function openEndednessMeasure(asker: Asker, instructions: readonly Instruction[], generations: number): Measure {
  const requestFor = (position: number): LlmRequest => ({
    system: '',
    messages: chatMessages(instructions[position]!),
    ...openAiTools(instructions[position]!),
    maxOutputTokens: MAX_OUTPUT_TOKENS + asker.reasoningTokens,
    temperature: 1,
    task: { kind: 'answer' },
  });
  const numbers = Array.from({ length: generations }, (_, number) => number);
  return itemMeasure({
    name: `distinct word bigrams in ${generations} answers by ${asker.provider} ${asker.model} at temperature 1`,
    shortName: `distinct word bigrams in ${generations} answers by ${asker.provider} ${asker.model}`,
    scale: { min: 0, max: Number.POSITIVE_INFINITY },
    isScore: false,
    concurrency: asker.concurrency,
    estimate: (position, { generation: last }) => {
      const request = requestFor(position);
      const costs: CallCost[] = [];
      let once: CallCost | undefined;
      for (const number of numbers) {
        const stored = storedAnswer(asker, request, generationsOf(number, last));
        if ('text' in stored) continue;
        // When one answer failed, the others are not requested.
        if (stored.unasked === 0) break;
        once ??= writingCost(asker, request, USUAL_OUTPUT_TOKENS);
        costs.push(sumOfTries(Array.from({ length: stored.unasked }, () => once!)));
      }
      return sumCallCosts(costs);
    },
    measure: async (position, { generation: last, signal }) => {
      const request = requestFor(position);
      const texts: string[] = [];
      const subject = instructions[position]!.id;
      let model: string | null = null;
      let costMicroUsd = 0;
      for (const number of numbers) {
        const what = `answer ${number + 1} of ${generations}`;
        const asking = { kind: 'open-endedness', subject, what, generations: generationsOf(number, last), signal };
        const answer = await writtenAnswer(asker, request, asking).catch((error: unknown) => {
          if (!(error instanceof ReplyError)) throw error;
          throw error.costing(error.costMicroUsd + costMicroUsd);
        });
        texts.push(answer.value);
        costMicroUsd += answer.costMicroUsd;
        model = answer.model;
      }
      const value = distinctBigrams(texts);
      return { value, reason: reasonFor(value, generations), model, costMicroUsd };
    },
  });
}

/** The generations of one answer, tried in turn until one is usable. */
function generationsOf(number: number, last: number): number[] {
  return Array.from({ length: last + 1 }, (_, attempt) => attempt * GENERATIONS_APART + number);
}

function reasonFor(bigrams: number, generations: number): string {
  const answers = generations === 1 ? 'one answer' : `${generations} answers`;
  return `${bigrams.toLocaleString('en-US')} different word ${bigrams === 1 ? 'pair' : 'pairs'} in ${answers}`;
}
