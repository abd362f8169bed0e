import { z } from 'zod';
import { FilteredError, ReplyError } from '../domain/errors.ts';
import type { CallLedger, PaidReply, PlannedCall } from '../domain/ledger.ts';
import { costMicroUsd, type ModelPrice } from '../domain/usage.ts';
import { option, sentence } from '../domain/wording.ts';
import type { Answer, Asker, Question, QuestionEstimate, Recalled } from './asker.ts';
import { refuseCutPrompt } from './cut-prompt.ts';
import type { LikelihoodModel } from './likelihood-model.ts';
import { meteredLikelihood } from './metered-likelihood.ts';
import { anySignal } from './metering/abort-signals.ts';
import { type BatchDesk, MOST_WAITING } from './metering/batch-desk.ts';
import type { MeteredCaller } from './metering/metered-caller.ts';
import { CAUTIOUS_MARGINS, type ModelTokens, modelTokens } from './metering/model-tokens.ts';
import { countTokens } from './metering/token-count.ts';
import { filteredReply, heldRequest, paidReply } from './paid-reply.ts';
import type { PromptTemplate } from './prompt-template.ts';
import type { LlmClient, LlmReply, LlmRequest } from './providers/llm-client.ts';
import { hashRequest, messageTexts, promptText } from './request-texts.ts';

/** How often the model is asked to repair an unusable reply before the question is given up. */
const REPAIRS = 2;
/** An unusable reply is shown to the model again up to this length. */
const SHOWN_REPLY_CHARACTERS = 4_000;
/** In UTF-8, of the two halves of a surrogate pair together four. */
const MOST_BYTES_A_CHARACTER = 3;
/** Room for the repair prompt and what it says was wrong. */
const REPAIR_PROMPT_TOKENS = 400;
/** The most that is allowed for thinking where a model thinks unasked. */
const MOST_THINKING_TOKENS = 16_384;
/** Of the longest thinking seen, of which the end may not have been seen. */
const THINKING_ROOM = { whole: 1.5, cut: 3 };
const FIRST_CUT_ROOM = 4_096;

/** The prompt that asks for a better reply. */
export const REPAIR_PROMPT = { id: 'repair', variables: ['problem'] } as const;

export interface LlmAskerOptions {
  readonly client: LlmClient;
  readonly ledger: CallLedger;
  readonly caller: MeteredCaller;
  readonly price: ModelPrice;
  /** Has questions answered by batches; absent where the provider has none. */
  readonly batches?: { readonly desk: BatchDesk; readonly price: ModelPrice; readonly isUsed: boolean } | undefined;
  readonly contextTokens: number;
  /** How long a beginning that all prompts share must be for the provider to bill it as cached. Absent: it never does. */
  readonly cachesFromTokens?: number | undefined;
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
  readonly #tokens: ModelTokens;
  readonly #schemaTokens: number;
  readonly #countedSchemas = new WeakMap<z.ZodType, number>();
  /** Of the next requests. */
  readonly #price: ModelPrice;
  /** What the model was seen to need for thinking. Not part of a request's identity. */
  #thinkingTokens = 0;

  constructor(options: LlmAskerOptions) {
    this.#options = options;
    this.provider = options.client.provider;
    this.model = options.client.model;
    this.contextTokens = options.contextTokens;
    this.reasoningTokens = options.reasoningTokens;
    this.concurrency = options.batches?.isUsed ? MOST_WAITING : options.caller.maxConcurrency;
    this.#price = options.batches?.isUsed ? options.batches.price : options.price;
    this.usesCoverage = options.client.usesCoverage ?? false;
    this.likelihoods = meteredLikelihood(options);
    this.#repairPrompt = options.repairPrompt;
    const margins = options.client.tokenMargins ?? CAUTIOUS_MARGINS;
    this.#tokens = modelTokens(options.client.model, margins);
    this.#schemaTokens = margins.schemaTokens;
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
        if (repairs === REPAIRS || error instanceof FilteredError) throw error.costing(cost);
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
        if (repairs === 0 || error instanceof FilteredError) return { state: 'failed', error };
        request = this.#repairRequest(request, reply.text, error.problem);
      }
    }
  }

  estimate(request: LlmRequest, repairs = REPAIRS): QuestionEstimate {
    // Each repair adds the bad reply and what was wrong with it to the conversation.
    const reply = Math.min(request.maxOutputTokens, SHOWN_REPLY_CHARACTERS * MOST_BYTES_A_CHARACTER);
    const growth = this.#tokens.mostOfTokens(reply) + this.#tokens.mostOfTokens(REPAIR_PROMPT_TOKENS);
    const mostInput = this.#mostInput(request);
    const requests = Array.from({ length: 1 + repairs }, (_, repair) =>
      this.#worstCase(request, mostInput + repair * growth),
    );
    const inputTokens = this.#tokens.count(promptText(request)) + this.#schemaTokensOf(request);
    const cachedInputTokens = this.#cachedTokens(request);
    // By the usual margin: a bound for every tokenizer would leave no room for text in other scripts.
    const usualInput = this.#tokens.mostOfTokens(this.countTokens(promptText(request))) + this.#schemaTokens;
    return {
      inputTokens,
      largestRequestTokens: usualInput + repairs * growth + request.maxOutputTokens,
      worstCaseCalls: requests.length,
      worstCaseTokens: requests.reduce((sum, { tokens }) => sum + tokens, 0),
      worstCaseMicroUsd: requests.reduce((sum, { microUsd }) => sum + microUsd, 0),
      expectedMicroUsd: (outputTokens) => costMicroUsd({ inputTokens, cachedInputTokens, outputTokens }, this.#price),
    };
  }

  /** What providers bill for the structure that an answer must have, about: they write it into the prompt. */
  #schemaTokensOf({ schema }: LlmRequest): number {
    if (schema?.definition === undefined) return 0;
    const known = this.#countedSchemas.get(schema.definition);
    const tokens = known ?? this.#tokens.count(JSON.stringify(z.toJSONSchema(schema.definition)));
    this.#countedSchemas.set(schema.definition, tokens);
    return tokens;
  }

  /** The system prompt comes first and is the same in many requests. */
  #cachedTokens({ system }: LlmRequest): number {
    const tokens = this.#tokens.count(system);
    return tokens >= (this.#options.cachesFromTokens ?? Number.POSITIVE_INFINITY) ? tokens : 0;
  }

  async #reply<T>(question: Question<T>, request: LlmRequest, stop?: AbortSignal): Promise<PaidReply> {
    const { client, ledger, caller, signal, abandon } = this.#options;
    const requestHash = hashRequest(client, request, question.generation);
    const stored = ledger.findReply(requestHash);
    if (stored) return stored;
    const mostInput = this.#mostInput(request, question.request.messages.length);
    const sent = this.#withRoomToThink(request, mostInput);
    const worstCase = this.#worstCase(sent, mostInput);
    const planned: PlannedCall = {
      kind: question.kind,
      subject: question.subject,
      requestHash,
      provider: client.provider,
      model: client.model,
      worstCaseTokens: worstCase.tokens,
      worstCaseMicroUsd: worstCase.microUsd,
    };
    const { batches } = this.#options;
    if (batches && (batches.isUsed || batches.desk.holds(requestHash))) {
      const held = (written: string | undefined) => heldRequest(sent, mostInput, written, this.#tokens);
      const answered = await batches.desk.ask(
        { planned, request: sent, held, submits: batches.isUsed },
        anySignal(signal, stop),
      );
      if (answered !== undefined) {
        this.#noteThinking(answered.reply);
        return answered.paid;
      }
    }
    return caller.call(
      planned,
      async (requestSignal) => {
        const reply = await client
          .complete(sent, requestSignal)
          .catch((error: unknown) => filteredReply(error, client));
        const held = heldRequest(sent, mostInput, reply.alsoBilled?.input, this.#tokens);
        refuseCutPrompt(reply, held, client);
        this.#noteThinking(reply);
        const settling = { tokens: this.#tokens, price: this.#options.price, reasoningTokens: this.reasoningTokens };
        const paid = paidReply(reply, held, settling);
        return { paid, result: paid, limits: reply.limits };
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

  /** Models that think unasked would be cut off before they answer. */
  #withRoomToThink(request: LlmRequest, mostInput: number): LlmRequest {
    const more = Math.min(
      this.#thinkingTokens - this.reasoningTokens,
      this.contextTokens - mostInput - request.maxOutputTokens,
    );
    return more > 0 ? { ...request, maxOutputTokens: request.maxOutputTokens + more } : request;
  }

  #noteThinking({ text, thinking = '', thinkingTokens = 0, usage, stop }: LlmReply): void {
    // What was cut off before it said a word has thought, shown or not.
    const hidden = stop === 'length' && text.trim() === '' ? Math.max(1, usage?.outputTokens ?? 0) : 0;
    const thought = Math.max(thinkingTokens, this.#tokens.count(thinking), hidden);
    if (thought === 0) return;
    const wanted =
      stop === 'length' ? Math.max(FIRST_CUT_ROOM, THINKING_ROOM.cut * thought) : THINKING_ROOM.whole * thought;
    this.#thinkingTokens = Math.max(this.#thinkingTokens, Math.min(MOST_THINKING_TOKENS, Math.ceil(wanted)));
  }

  /** @param given how many of the messages are the question's; the others are the model's replies and what was wrong */
  #mostInput(request: LlmRequest, given = request.messages.length): number {
    const { mostInput, mostOfMessage, mostOfTokens } = this.#tokens;
    const later = request.messages.slice(given);
    const asked = messageTexts({ ...request, messages: request.messages.slice(0, given) });
    // A reply was written by the model itself, within its limit.
    const grown = later.map(({ role, content }) =>
      role === 'assistant'
        ? Math.min(mostOfTokens(request.maxOutputTokens), mostOfMessage(content))
        : mostOfMessage(content),
    );
    return mostInput(asked) + grown.reduce((sum, tokens) => sum + tokens, 0);
  }

  #worstCase(request: LlmRequest, inputTokens: number): { tokens: number; microUsd: number } {
    const cacheWriteTokens = Math.min(inputTokens, this.#tokens.most(request.system));
    const usage = { inputTokens, cachedInputTokens: 0, outputTokens: request.maxOutputTokens, cacheWriteTokens };
    return {
      tokens: inputTokens + request.maxOutputTokens,
      microUsd: costMicroUsd(usage, this.#price),
    };
  }
}

function readReply<T>(reply: PaidReply, question: Omit<Question<T>, 'kind' | 'subject'>): T {
  if (reply.isFiltered) throw new FilteredError(reply.text);
  // A model that was cut off while it was thinking has not answered.
  const isCut = reply.stop === 'length' && (!question.acceptsCut || reply.text.trim() === '');
  if (isCut) throw cutOff(reply.text);
  if (reply.stop === 'refusal' && !question.acceptsRefusal) throw new ReplyError('it declines the request.');
  if (reply.text.trim() === '' && !question.acceptsRefusal) throw new ReplyError('it is empty.');
  return question.parse(reply.text, reply);
}

function cutOff(text: string): ReplyError {
  const [problem, more] =
    text.trim() === ''
      ? ['it was cut off before it began. Think less before you answer.', 'The model may have been thinking.']
      : ['it was cut off before its end. Keep the reasons shorter.', 'A model that thinks first needs more room.'];
  return new ReplyError(problem, 0, sentence`${more} Set ${option('reasoningTokens', FIRST_CUT_ROOM)}.`);
}
