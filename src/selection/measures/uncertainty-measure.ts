import { chatMessages, openAiTools } from '../../domain/chat-messages.ts';
import { conversationOf } from '../../domain/conversation.ts';
import { NoValueError, ProviderError, UsageError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import type { PaidReply } from '../../domain/ledger.ts';
import type { Range } from '../../domain/money.ts';
import { type CallCost, NO_CALLS } from '../../domain/usage.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { Asker } from '../../models/asker.ts';
import { answerOf, costOfAnswer } from '../../models/generations.ts';
import type { LlmRequest } from '../../models/providers/llm-client.ts';
import { type AnswerUncertainty, uncertaintyOf } from './answer-uncertainty.ts';
import { itemMeasure } from './item-measure.ts';
import type { ConfidentModel, Measure, MeasureKind } from './measure.ts';

/** Name of the measure. */
export const UNCERTAINTY = 'uncertainty';
/** As many tokens as the ledger keeps the alternatives of; the answer is cut there, which keeps it cheap. */
const ANSWER_TOKENS = 32;
const TOP_LOGPROBS = 20;

/** How unsure the seed model, or else the LLM, is of its answer, as a kind of measure. */
export const uncertaintyMeasureKind: MeasureKind = {
  name: UNCERTAINTY,
  summary: 'how unsure the seed model is of its answer',
  of: 'instruction',
  needs: 'confidence',
  prompts: () => [],
  open: async ({ by = 'probability' }, instructions, sources) => {
    const model = await sources.seedModel?.();
    if (model !== undefined && model.asker === undefined) return confidenceMeasure(model, instructions);
    if (model === undefined && sources.providers.writing === 'offline') throw nothingToAsk();
    const asker = model?.asker ?? (await sources.writer());
    return logprobMeasure(asker, by as AnswerUncertainty, instructions);
  },
};

function nothingToAsk(): UsageError {
  return new UsageError(
    'Uncertainty needs a seed model, and there are no labels yet to make one of.',
    sentence`Give labeled instructions with their responses (${option('existing')}), use another strategy for the first labels, or name an LLM that returns log-probabilities with ${option('provider')} and ${option('model')}.`,
  );
}

/**
 * From the log-probabilities of the first 32 tokens of an LLM's own answer at temperature 0, with 20 alternatives each.
 * The item's turns are sent unchanged, without a prompt of ours. One call per item. Stops when the server gives none.
 */
export function logprobMeasure(asker: Asker, by: AnswerUncertainty, instructions: readonly Instruction[]): Measure {
  const requestFor = (position: number): LlmRequest => ({
    system: '',
    messages: chatMessages(instructions[position]!),
    ...openAiTools(instructions[position]!),
    topLogprobs: TOP_LOGPROBS,
    maxOutputTokens: ANSWER_TOKENS + asker.reasoningTokens,
    temperature: 0,
    task: { kind: 'answer' },
  });
  const reading = {
    acceptsCut: true,
    acceptsRefusal: true,
    parse: (_text: string, { logprobs = [] }: PaidReply) => uncertaintyOf(logprobs, by),
  };
  const name = `${by} of the answers of ${asker.provider} ${asker.model}`;
  return itemMeasure({
    name: `${name}, ${ANSWER_TOKENS} tokens, ${TOP_LOGPROBS} alternatives`,
    shortName: name,
    scale: { min: 0, max: Number.POSITIVE_INFINITY },
    isScore: false,
    concurrency: asker.concurrency,
    estimate: (position, { generation }) =>
      costOfAnswer(asker, { request: requestFor(position), ...reading }, generation, ANSWER_TOKENS),
    measure: async (position, { generation, signal }) => {
      const subject = instructions[position]!.id;
      const question = { kind: UNCERTAINTY, subject, request: requestFor(position), ...reading };
      const { value, model, costMicroUsd } = await answerOf(asker, question, generation, signal);
      if (value === undefined) throw withoutLogprobs(asker);
      return { value, reason: `${by} ${value.toFixed(2)}`, model, costMicroUsd };
    },
  });
}

function withoutLogprobs({ provider, model }: Asker): ProviderError {
  return new ProviderError(
    `Uncertainty needs the log-probabilities of answers, and ${provider} ${model} returns none.`,
    { provider, retryable: false, billing: 'none' },
    { hint: 'Use a model that returns them, or a seed model that says how sure it is (retrieval).' },
  );
}

/** 1 − the confidence of a seed model that says how sure it is, such as retrieval. One answer per item. */
export function confidenceMeasure(model: ConfidentModel, instructions: readonly Instruction[]): Measure {
  const itemOf = (position: number) => conversationOf(instructions[position]!);
  return itemMeasure({
    name: `1 − the confidence of ${model.name}`,
    shortName: `1 − the confidence of ${model.name}`,
    scale: { min: 0, max: 1 },
    isScore: false,
    concurrency: model.concurrency,
    estimate: (position) => costOf(model.estimate(itemOf(position))),
    measure: async (position, { signal }) => {
      const options = { subject: instructions[position]!.id, ...(signal ? { signal } : {}) };
      const { confidence, costMicroUsd, ...answer } = await model.answer(itemOf(position), options);
      if (confidence === undefined) throw new NoValueError(`${model.name} does not say how sure it is`);
      const reason = `confidence ${confidence.toFixed(2)}`;
      return { value: 1 - confidence, reason, model: answer.model, costMicroUsd };
    },
  });
}

function costOf(costMicroUsd: Range): CallCost {
  return costMicroUsd.worstCase === 0 ? NO_CALLS : { ...NO_CALLS, calls: { expected: 1, worstCase: 1 }, costMicroUsd };
}
