import type { z } from 'zod';
import type { ChatMessage } from '../../domain/chat-messages.ts';
import type { JsonValue } from '../../domain/instruction.ts';
import type { TokenLogprobs } from '../../domain/ledger.ts';
import type { RateLimits } from '../../domain/rate-limits.ts';
import type { ReportedUsage } from '../../domain/usage.ts';
import type { TokenMargins } from '../metering/model-tokens.ts';

/** One candidate as a prompt shows it. */
export interface PromptCandidate {
  /** Opaque, valid in this prompt only. */
  readonly id: string;
  /** What was said before the instruction, shortened. */
  readonly earlier_conversation?: string;
  readonly instruction: string;
  readonly input?: string;
}

/** What a request is about, as data. Real models read the messages; the offline stand-in reads this. */
export interface ChooseTask {
  readonly kind: 'choose';
  readonly candidates: readonly PromptCandidate[];
  /** How many to choose. */
  readonly count: number;
  /**
   * What each other candidate would add to the coverage of the whole pool, by id, once those of earlier queries and
   * `chosen` are picked. Only for clients with `usesCoverage`.
   */
  readonly gains?: (chosen: readonly string[]) => ReadonlyMap<string, number>;
}
/** Scoring one item by one criterion. */
export interface JudgeTask {
  readonly kind: 'judge';
  readonly criterion: string;
}
/** Answering an instruction, as a seed model does. */
export interface AnswerTask {
  readonly kind: 'answer';
}
export type LlmTask = ChooseTask | JudgeTask | AnswerTask;

export interface LlmRequest {
  readonly system: string;
  /** Our prompts alternate, the user first and last. An item that is sent as it is may have any roles. */
  readonly messages: readonly ChatMessage[];
  /** Definitions of the tools that the messages call, as OpenAI's chat API has them. */
  readonly tools?: JsonValue;
  /** The structure the answer must have; `name` is [a-zA-Z0-9_-]{1,64}. Absent: plain text. */
  readonly schema?: {
    readonly name: string;
    /** Absent: only servers that hold a model to `bounded` get a schema, and the others answer as the prompt says. */
    readonly definition?: z.ZodType;
    /** The same with the ids, counts and scores that are valid here, for servers that enforce them. Not part of a request's identity. */
    readonly bounded?: z.ZodType;
  };
  /** Ask for log-probabilities, and so many alternatives of each token; servers that give none answer without. */
  readonly topLogprobs?: number;
  readonly maxOutputTokens: number;
  readonly temperature: number;
  readonly task: LlmTask;
}

export interface LlmReply {
  /** The answer as received: JSON text if all went well, but anything at all may be in it. */
  readonly text: string;
  /** The model snapshot that answered, as the provider names it. */
  readonly model: string;
  /** As the provider says. What it does not say, or says too low, is counted by winnow. */
  readonly usage?: ReportedUsage | undefined;
  /** Text that is billed besides the request's messages and `text`. */
  readonly alsoBilled?: {
    /** Sent with the prompt: a schema written into it, say. */
    readonly input?: string;
    /** Received with the answer. */
    readonly output?: string;
  };
  /** What the model thought before it answered, where that is shown. It is billed as output. */
  readonly thinking?: string;
  /** Tokens of thinking, as the provider says. */
  readonly thinkingTokens?: number | undefined;
  readonly stop: 'complete' | 'length' | 'refusal';
  /**
   * A content filter refused the request or broke the answer off: `text` is what that is told as, and `alsoBilled` is there
   * if the model has answered.
   */
  readonly isFiltered?: true;
  /** What the response says of the provider's rate limits. */
  readonly limits?: RateLimits | undefined;
  /** Of the answer's first tokens (32 at most), in order; absent where not asked for or not given. */
  readonly logprobs?: readonly TokenLogprobs[];
}

/** A text's tokens as a model weighs them. */
export interface WeighedText {
  /** Natural logarithms, one a token; the first may be null. Unchecked. */
  readonly logprobs: readonly (number | null)[];
  readonly model: string;
  /** As the server says. */
  readonly usage?: ReportedUsage | undefined;
  readonly limits?: RateLimits | undefined;
}

/** Makes single requests: no retry, no cache, no metering; those are put around it. */
export interface LlmClient {
  readonly provider: string;
  readonly model: string;
  /** Part of a request's identity beside provider and model: the base URL, say. Never holds a secret. */
  readonly endpoint: string;
  /** Whether it reads the gains of a `ChooseTask`. Its queries are asked one after the other. */
  readonly usesCoverage?: boolean;
  /** What the user can do where the server cuts prompts to a shorter context than the model has, as a sentence. */
  readonly contextAdvice?: string | undefined;
  /** What its requests ask for now: what the server refused is left out. Absent: it does not say. */
  readonly asksFor?: () => { readonly schema: boolean; readonly logprobs: boolean };
  /** For worst cases in tokens. Absent: margins that hold for every tokenizer in use. */
  readonly tokenMargins?: TokenMargins;
  /** @throws ProviderError; or the signal's reason when it aborts */
  complete(request: LlmRequest, signal?: AbortSignal): Promise<LlmReply>;
  /**
   * Says how likely a text is by itself, token by token. Absent where the provider tells no client that.
   * @throws ProviderError; or the signal's reason when it aborts
   */
  readonly weighText?: (text: string, signal?: AbortSignal) => Promise<WeighedText>;
}
