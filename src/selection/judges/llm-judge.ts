import { z } from 'zod';
import { UsageError } from '../../domain/errors.ts';
import type { PaidReply } from '../../domain/ledger.ts';
import type { Asker } from '../../models/asker.ts';
import { answerOf, costOfAnswer } from '../../models/generations.ts';
import type { PromptTemplate } from '../../models/prompt-template.ts';
import type { LlmRequest } from '../../models/providers/llm-client.ts';
import type { Criterion } from './criteria.ts';
import { expectedScore } from './expected-score.ts';
import { itemForm } from './item-form.ts';
import type { Judge, JudgedItem, JudgeKind } from './judge.ts';
import { boundedJudgmentSchema, judgmentSchema, parseJudgment } from './parse-judgment.ts';
import { shownItem } from './shown-item.ts';

export interface LlmJudgeOptions {
  readonly asker: Asker;
  /** Where the model is served, as its client reports it: two servers may use one name for different models. */
  readonly endpoint: string;
  /** The criterion's prompt, loaded. */
  readonly prompt: PromptTemplate;
  /** Most tokens of an item's texts together, fewer when the model's context is smaller. Longer texts are shortened. */
  readonly itemTokens?: number;
}

const DEFAULT_ITEM_TOKENS = 2_000;
const FEWEST_ITEM_TOKENS = 128;
/** For the names of the item's fields, braces and quotes. */
const TOKENS_AROUND_TEXTS = 30;
/** Leaves room for every score token even when the first alternatives are spaces and quotes. */
const TOP_LOGPROBS = 10;

/**
 * A judge that asks an LLM: one call per judgment, up to three when replies need repairs. Every usable answer is paid for
 * once: the asker finds it again for the same item under the same name.
 *
 * Complexity and response-quality are the expectation over the scores 1 to 6 when the server returns log-probabilities,
 * else the stated number. The other criteria use the stated number, fractions included.
 * Source: MoDS (quality, necessity), AlpaGasus (accuracy, helpfulness), DEITA (complexity,
 * response-quality); the prompts are our own.
 * @throws UsageError when the prompt does not fit into the model's context
 */
export function llmJudge(criterion: Criterion, options: LlmJudgeOptions): Judge {
  const { asker, endpoint, prompt } = options;
  const { scale, isWeighed } = criterion;
  const schema = {
    name: 'judgment',
    // Hosted models follow the plain form, and bill a schema as input.
    ...(prompt.layout === 1 ? { definition: judgmentSchema(criterion) } : {}),
    bounded: boundedJudgmentSchema(criterion),
  };
  const output = outputTokens(criterion, prompt);
  const askAbout = (item: string): LlmRequest => {
    const { system, user } = prompt.render({ item });
    return {
      system,
      messages: [{ role: 'user', content: user }],
      schema,
      ...(isWeighed ? { topLogprobs: TOP_LOGPROBS } : {}),
      maxOutputTokens: output.most + asker.reasoningTokens,
      temperature: 0,
      task: { kind: 'judge', criterion: criterion.name },
    };
  };
  const itemTokens = fitItemTokens(asker, askAbout, options);
  const requestFor = (item: JudgedItem) =>
    askAbout(shownItem(item, criterion, itemTokens, (text) => asker.countTokens(text), itemForm(prompt)));
  const parse = (text: string, { logprobs = [] }: PaidReply) => {
    const { score, reason } = parseJudgment(text, criterion, prompt);
    const expected = isWeighed ? expectedScore(logprobs, score, scale) : undefined;
    return { score: expected ?? score, reason };
  };

  return {
    criterion,
    name:
      `${asker.provider} ${asker.model} at ${endpoint}, ` +
      `${prompt.id} version ${prompt.version} (${prompt.hash.slice(0, 12)}), ${itemTokens} tokens an item`,
    shortName: `${asker.provider} ${asker.model}`,
    concurrency: asker.concurrency,
    judge: async (item, { subject, generation: last = 0, signal }) => {
      const request = requestFor(item);
      const question = { kind: criterion.prompt.id, subject, request, parse };
      const { value, model, costMicroUsd } = await answerOf(asker, question, last, signal);
      return { ...value, model, costMicroUsd };
    },
    estimate: (item, { generation: last = 0 } = {}) =>
      costOfAnswer(asker, { request: requestFor(item), parse }, last, output.expected),
  };
}

/** Of a reason as long as the prompt allows, with the score and its form: usually, and at most in wordier languages. */
export function outputTokens(
  { outputTokens: ofCriterion }: Criterion,
  { words }: PromptTemplate,
): Criterion['outputTokens'] {
  if (words === undefined) return ofCriterion;
  return { expected: Math.ceil(1.5 * words) + 5, most: 8 * words + 40 };
}

/** The requested tokens for an item, or fewer when the context would not hold them with all repairs. */
function fitItemTokens(asker: Asker, askAbout: (item: string) => LlmRequest, options: LlmJudgeOptions): number {
  const wanted = Math.max(FEWEST_ITEM_TOKENS, options.itemTokens ?? DEFAULT_ITEM_TOKENS);
  for (let itemTokens = wanted; ; itemTokens = Math.max(FEWEST_ITEM_TOKENS, Math.floor(itemTokens * 0.8))) {
    const filler = ' x'.repeat(itemTokens + TOKENS_AROUND_TEXTS);
    const { largestRequestTokens } = asker.estimate(askAbout(filler));
    if (largestRequestTokens <= asker.contextTokens) return itemTokens;
    if (itemTokens === FEWEST_ITEM_TOKENS) {
      throw new UsageError(
        `The prompt "${options.prompt.id}" may need ${largestRequestTokens} tokens, but the context of ${asker.model} holds ${asker.contextTokens}.`,
        'Use a judge with a larger context, or set contextTokens if the model holds more.',
      );
    }
  }
}

/** An LLM as a kind of judge. */
export const llmJudgeKind: JudgeKind = {
  name: 'llm',
  summary: 'the LLM of your provider, one call per judgment',
  source: 'MoDS (arXiv 2311.15653), AlpaGasus (arXiv 2307.08701), DEITA (arXiv 2312.15685); the prompts are our own.',
  limits: `Texts of an item beyond ${DEFAULT_ITEM_TOKENS} tokens together are shortened.`,
  needs: 'llm',
  options: z.object({}),
  judges: () => true,
  prompts: ({ prompt }) => [prompt],
  open: async (criterion, _options, sources) => {
    const { id, variables } = criterion.prompt;
    return llmJudge(criterion, { ...(await sources.judgingLlm()), prompt: sources.prompt(id, variables) });
  },
};
