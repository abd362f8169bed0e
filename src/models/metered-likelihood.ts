import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FilteredError, ReplyError } from '../domain/errors.ts';
import type { CallLedger, PaidReply, PlannedCall } from '../domain/ledger.ts';
import {
  type CallCost,
  costMicroUsd,
  type ModelPrice,
  NO_CALLS,
  sumOfTries,
  type TokenUsage,
} from '../domain/usage.ts';
import type { LikelihoodModel } from './likelihood-model.ts';
import { anySignal } from './metering/abort-signals.ts';
import type { MeteredCaller } from './metering/metered-caller.ts';
import { modelTokens } from './metering/model-tokens.ts';
import { settledUsage } from './metering/settled-usage.ts';
import { cutToTokens } from './metering/token-count.ts';
import { filteredReply } from './paid-reply.ts';
import type { LlmClient, WeighedText } from './providers/llm-client.ts';

export interface MeteredLikelihoodOptions {
  readonly client: LlmClient;
  readonly ledger: CallLedger;
  readonly caller: MeteredCaller;
  readonly price: ModelPrice;
  readonly contextTokens: number;
  /** Start no new request; those under way end by themselves. */
  readonly signal?: AbortSignal | undefined;
  /** End the requests under way too. */
  readonly abandon?: AbortSignal | undefined;
}

/** A text's first tokens tell; servers keep a row of the whole vocabulary for each. */
const MOST_TOKENS = 2_048;
/** Other tokenizers may make this many times as many tokens of a text as the one we count by. */
const MARGIN = 1.5;
const GENERATED_TOKENS = 1;
/** Rounding may put a certain token a little above certainty. */
const ROUNDING = 1e-3;

/** What is kept of a reply. */
const storedSchema = z.object({
  tokens: z.int().nonnegative(),
  meanLogprob: z.number().nullable(),
  /** What is told where a content filter refused the text. */
  refusal: z.string().optional(),
});

/**
 * Asks a model how likely texts are, through the ledger: what it says is stored before it is read, so every text costs
 * at most once. Texts longer than 2,048 tokens, or two thirds of a smaller context, are cut there.
 * @returns undefined where the client's provider does not give the log-probabilities of prompts
 */
export function meteredLikelihood(options: MeteredLikelihoodOptions): LikelihoodModel | undefined {
  const { client, ledger, caller, price, contextTokens, signal, abandon } = options;
  const { weighText } = client;
  if (!weighText) return undefined;
  const mostTokens = Math.max(1, Math.min(MOST_TOKENS, Math.floor((contextTokens - GENERATED_TOKENS) / MARGIN)));
  const readable = (text: string) => cutToTokens(text.toWellFormed(), mostTokens);
  const tokens = modelTokens(client.model, client.tokenMargins);
  const worstCaseOf = (text: string): TokenUsage => ({
    inputTokens: tokens.mostOfMessage(text),
    cachedInputTokens: 0,
    outputTokens: GENERATED_TOKENS,
  });
  const hashOf = (text: string, generation: number) => {
    const { provider, endpoint, model } = client;
    const identity = { kind: 'likelihood', provider, endpoint, model, text, generation };
    return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  };
  const weigh = async (text: string, subject: string, generation: number, stop: AbortSignal | undefined) => {
    const requestHash = hashOf(text, generation);
    const worstCase = worstCaseOf(text);
    const planned: PlannedCall = {
      kind: 'likelihood',
      subject,
      requestHash,
      provider: client.provider,
      model: client.model,
      worstCaseTokens: worstCase.inputTokens + worstCase.outputTokens,
      worstCaseMicroUsd: costMicroUsd(worstCase, price),
    };
    const attempt = async (requestSignal: AbortSignal | undefined) => {
      const weighed = await weighText(text, requestSignal).catch((error: unknown) => {
        const { text: refusal, model } = filteredReply(error, client);
        return { refusal, logprobs: [], model, usage: undefined, limits: undefined };
      });
      const counted = { inputTokens: tokens.count(text), outputTokens: 0 };
      const settled = settledUsage(weighed.usage, { counted, unsaid: worstCase });
      const paid: PaidReply = {
        text: JSON.stringify({ ...meanOf(weighed), ...('refusal' in weighed ? { refusal: weighed.refusal } : {}) }),
        model: weighed.model,
        ...settled,
        stop: 'complete',
        costMicroUsd: costMicroUsd(settled.usage, price),
      };
      return { paid, result: paid, limits: weighed.limits };
    };
    return ledger.findReply(requestHash) ?? caller.call(planned, attempt, { signal: anySignal(signal, stop), abandon });
  };
  return {
    name: `${client.provider} ${client.model} at ${client.endpoint}, the first ${mostTokens.toLocaleString('en-US')} tokens`,
    shortName: `${client.provider} ${client.model}`,
    concurrency: caller.maxConcurrency,
    likelihood: async (given, { subject, generation: last, signal: stop }) => {
      const text = readable(given);
      if (text === '') throw new ReplyError('the text is empty.');
      let givenUpMicroUsd = 0;
      for (let generation = 0; ; generation += 1) {
        const reply = await weigh(text, subject, generation, stop);
        const cost = reply.costMicroUsd + givenUpMicroUsd;
        const { tokens, meanLogprob, refusal } = readStored(reply);
        if (refusal !== undefined) throw new FilteredError(refusal, cost);
        if (meanLogprob !== null) return { meanLogprob, tokens, model: reply.model, costMicroUsd: cost };
        if (tokens === 0) throw new ReplyError('the text is a single token, which is too short to measure.', cost);
        if (generation >= last) throw new ReplyError('the log-probabilities of the text make no sense.', cost);
        givenUpMicroUsd = cost;
      }
    },
    estimate: (given, { generation: last = 0 } = {}) => {
      const text = readable(given);
      if (text === '') return NO_CALLS;
      let unasked = 0;
      for (let generation = 0; generation <= last; generation += 1) {
        const reply = ledger.findReply(hashOf(text, generation));
        if (!reply) unasked += 1;
        else if (isFinal(readStored(reply))) break;
      }
      if (unasked === 0) return NO_CALLS;
      const counted = tokens.count(text);
      const worstCase = worstCaseOf(text);
      const usual = { ...worstCase, inputTokens: counted };
      const once: CallCost = {
        calls: { expected: 1, worstCase: 1 },
        tokens: { expected: usual.inputTokens + 1, worstCase: worstCase.inputTokens + GENERATED_TOKENS },
        costMicroUsd: { expected: costMicroUsd(usual, price), worstCase: costMicroUsd(worstCase, price) },
      };
      return sumOfTries(Array.from({ length: unasked }, () => once));
    },
  };
}

function readStored({ text }: PaidReply): z.infer<typeof storedSchema> {
  return storedSchema.parse(JSON.parse(text));
}

/** However often a single token is asked about, there is nothing before it. */
function isFinal({ tokens, meanLogprob }: z.infer<typeof storedSchema>): boolean {
  return meanLogprob !== null || tokens === 0;
}

/** The first token is told from nothing, and servers differ in what they say of it: it does not count. */
function meanOf({ logprobs }: WeighedText): z.infer<typeof storedSchema> {
  const counted = logprobs.slice(1);
  const makesSense = counted.every((logprob) => logprob !== null && Number.isFinite(logprob) && logprob <= ROUNDING);
  if (counted.length === 0 || !makesSense) return { tokens: counted.length, meanLogprob: null };
  const sum = counted.reduce<number>((total, logprob) => total + Math.min(0, logprob!), 0);
  return { tokens: counted.length, meanLogprob: sum / counted.length };
}
