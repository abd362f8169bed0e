import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ReplyError } from '../domain/errors.ts';
import type { CallLedger, PaidReply, PlannedCall } from '../domain/ledger.ts';
import { costMicroUsd, type ModelPrice } from '../domain/usage.ts';
import type { Answer, Asker, Question, QuestionEstimate, Recalled } from './asker.ts';
import type { LikelihoodModel } from './likelihood-model.ts';
import { meteredLikelihood } from './metered-likelihood.ts';
import { anySignal } from './metering/abort-signals.ts';
import type { MeteredCaller } from './metering/metered-caller.ts';
import { countTokens, worstCaseCountedTokens } from './metering/token-count.ts';
import type { PromptTemplate } from './prompt-template.ts';
import type { LlmClient, LlmRequest } from './providers/llm-client.ts';

/** How often the model is asked to repair an unusable reply before the question is given up. */
const REPAIRS = 2;
/** An unusable reply is shown to the model again up to this length. */
const SHOWN_REPLY_CHARACTERS = 4_000;
/** Room for the repair prompt and what it says was wrong. */
const REPAIR_PROMPT_TOKENS = 400;

/** The prompt that asks for a better reply. */
export const REPAIR_PROMPT = { id: 'repair', variables: ['problem'] } as const;

export interface LlmAskerOptions {
  readonly client: LlmClient;
  readonly ledger: CallLedger;
  readonly caller: MeteredCaller;
  readonly price: ModelPrice;
  readonly contextTokens: number;
  readonly reasoningTokens: number;
  /** Asks once more after an unusable reply: REPAIR_PROMPT, loaded. */
  readonly repairPrompt: PromptTemplate;
  /** Start no new request; those under way end by themselves. */
  readonly signal?: AbortSignal | undefined;
  /** End the requests under way too. */
  readonly abandon?: AbortSignal | undefined;
}

/**
 * Asks one model through the ledger. A reply is stored before it is read, so every question costs at
 * most once: asked again after a crash, it walks through the stored replies, bad ones and repairs
 * included, to the same end.
 */
export class LlmAsker implements Asker {
  readonly provider: string;
  readonly model: string;
  readonly contextTokens: number;
  readonly reasoningTokens: number;
  readonly concurrency: number;
  readonly usesCoverage: boolean;
  readonly likelihoods: LikelihoodModel | undefined;
  readonly #options: LlmAskerOptions;
  readonly #repairPrompt: PromptTemplate;

  constructor(options: LlmAskerOptions) {
    this.#options = options;
    this.provider = options.client.provider;
    this.model = options.client.model;
    this.contextTokens = options.contextTokens;
    this.reasoningTokens = options.reasoningTokens;
    this.concurrency = options.caller.maxConcurrency;
    this.usesCoverage = options.client.usesCoverage ?? false;
    this.likelihoods = meteredLikelihood(options);
    this.#repairPrompt = options.repairPrompt;
  }

  countTokens(text: string): number {
    return countTokens(text);
  }

  async ask<T>(question: Question<T>, signal?: AbortSignal): Promise<Answer<T>> {
    let request = question.request;
    let cost = 0;
    for (let repairs = 0; ; repairs += 1) {
      const reply = await this.#reply(question, request, signal);
      cost += reply.costMicroUsd;
      try {
        return { value: readReply(reply, question), model: reply.model, costMicroUsd: cost };
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error;
        if (repairs === REPAIRS) throw new ReplyError(error.problem, cost);
        request = this.#repairRequest(request, reply.text, error.problem);
      }
    }
  }

  recall<T>(question: Omit<Question<T>, 'kind' | 'subject'>): Recalled<T> {
    const { client, ledger } = this.#options;
    let request = question.request;
    for (let repairs = REPAIRS; ; repairs -= 1) {
      const reply = ledger.findReply(hashRequest(client, request, question.generation));
      if (!reply) return { state: 'open', request, repairs };
      try {
        return { state: 'answered', value: readReply(reply, question) };
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error;
        if (repairs === 0) return { state: 'failed' };
        request = this.#repairRequest(request, reply.text, error.problem);
      }
    }
  }

  estimate(request: LlmRequest, repairs = REPAIRS): QuestionEstimate {
    // Each repair adds the bad reply and what was wrong with it to the conversation.
    const replyTokens = Math.min(request.maxOutputTokens, SHOWN_REPLY_CHARACTERS);
    const inputTokens = countTokens(promptText(request));
    const requests = Array.from({ length: 1 + repairs }, (_, repair) =>
      this.#worstCase(request, inputTokens, repair * (replyTokens + REPAIR_PROMPT_TOKENS)),
    );
    return {
      inputTokens,
      largestRequestTokens: requests.at(-1)!.tokens,
      worstCaseCalls: requests.length,
      worstCaseTokens: requests.reduce((sum, { tokens }) => sum + tokens, 0),
      worstCaseMicroUsd: requests.reduce((sum, { microUsd }) => sum + microUsd, 0),
      expectedMicroUsd: (outputTokens) =>
        costMicroUsd({ inputTokens, cachedInputTokens: 0, outputTokens }, this.#options.price),
    };
  }

  async #reply<T>(question: Question<T>, request: LlmRequest, stop?: AbortSignal): Promise<PaidReply> {
    const { client, ledger, caller, signal, abandon } = this.#options;
    const requestHash = hashRequest(client, request, question.generation);
    const stored = ledger.findReply(requestHash);
    if (stored) return stored;
    const worstCase = this.#worstCase(request, countTokens(promptText(request)));
    const planned: PlannedCall = {
      kind: question.kind,
      subject: question.subject,
      requestHash,
      provider: client.provider,
      model: client.model,
      worstCaseTokens: worstCase.tokens,
      worstCaseMicroUsd: worstCase.microUsd,
    };
    return caller.call(
      planned,
      async (requestSignal) => {
        const reply = await client.complete(request, requestSignal);
        const paid = { ...reply, costMicroUsd: costMicroUsd(reply.usage, this.#options.price) };
        return { paid, result: paid };
      },
      { signal: anySignal(signal, stop), abandon },
    );
  }

  #repairRequest(request: LlmRequest, badReply: string, problem: string): LlmRequest {
    const shown = badReply.slice(0, SHOWN_REPLY_CHARACTERS).toWellFormed().trim() || '(an empty reply)';
    return {
      ...request,
      messages: [
        ...request.messages,
        { role: 'assistant', content: shown },
        { role: 'user', content: this.#repairPrompt.render({ problem }).user },
      ],
    };
  }

  /** @param counted tokens of the prompt @param laterTokens what the conversation will have grown by, both as we count */
  #worstCase(request: LlmRequest, counted: number, laterTokens = 0): { tokens: number; microUsd: number } {
    const inputTokens = worstCaseCountedTokens([counted, laterTokens], this.#options.client.tokenMargins);
    const usage = { inputTokens, cachedInputTokens: 0, outputTokens: request.maxOutputTokens };
    return {
      tokens: inputTokens + request.maxOutputTokens,
      microUsd: costMicroUsd(usage, this.#options.price),
    };
  }
}

function promptText(request: LlmRequest): string {
  const messages = request.messages.flatMap(({ content, toolCalls = [] }) => [
    content,
    ...toolCalls.map((call) => `${call.name} ${call.arguments}`),
  ]);
  const tools = request.tools === undefined ? [] : [JSON.stringify(request.tools)];
  return [request.system, ...messages, ...tools].join('\n');
}

function readReply<T>(reply: PaidReply, question: Omit<Question<T>, 'kind' | 'subject'>): T {
  if (reply.stop === 'length' && !question.acceptsCut) {
    throw new ReplyError('it was cut off before its end. Keep the reasons shorter.');
  }
  if (reply.stop === 'refusal' && !question.acceptsRefusal) throw new ReplyError('it declines the request.');
  return question.parse(reply.text, reply);
}

/** Two requests with one hash ask the same model the same thing. */
function hashRequest(client: LlmClient, request: LlmRequest, generation: number): string {
  const { system, messages, maxOutputTokens, temperature, schema } = request;
  const identity = {
    provider: client.provider,
    endpoint: client.endpoint,
    model: client.model,
    system,
    messages,
    tools: request.tools,
    schema: schema && z.toJSONSchema(schema.definition),
    topLogprobs: request.topLogprobs,
    maxOutputTokens,
    temperature,
    generation,
  };
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
