import type { IncomingHttpHeaders } from 'node:http';

/** What can go wrong between a client and a provider, told from the wire. */
export type Fault =
  | {
      readonly fault: 'status';
      readonly status: number;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Sent as it is instead of the provider's usual error body. */
      readonly body?: string;
    }
  /** Never answers. */
  | { readonly fault: 'hang' }
  /** Closes the connection without an answer, or in the middle of its body. */
  | { readonly fault: 'drop'; readonly when: 'before' | 'middle' }
  /** A 200 with a page of HTML. */
  | { readonly fault: 'html' }
  /** A 200 that says it is JSON and ends too early. */
  | { readonly fault: 'half-json' };

export interface ReceivedRequest {
  /** Counted from 1. */
  readonly number: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether the answer went out whole, faults with an HTTP status among them. */
  answered: boolean;
}

export interface ChatUsage {
  readonly input: number;
  readonly cached?: number;
  readonly output: number;
  /** Output that only the total counts, as Google does with thinking. */
  readonly thinking?: number;
}

/** What a model says, before it is put into a provider's words. */
export interface ChatReply {
  readonly text: string;
  readonly stop?: 'complete' | 'length' | 'refusal' | 'content-filter';
  readonly headers?: Record<string, string>;
  /** By default one token for every four characters; `missing` leaves the usage out. */
  readonly usage?: ChatUsage | 'missing';
  /**
   * The answer's tokens, each with its alternatives' probabilities, itself among them. Given by servers that have
   * them to requests that ask for them, as many as asked for.
   */
  readonly tokens?: readonly { readonly token: string; readonly alternatives: Readonly<Record<string, number>> }[];
}

/** A request as a model sees it. */
export interface ChatPrompt {
  readonly system: string;
  /** All the user says: a request to correct an answer refers to what was asked before. */
  readonly text: string;
  readonly request: ReceivedRequest;
}

export type ChatAnswer = ChatReply | Fault;
export type ChatAnswerer = (prompt: ChatPrompt) => ChatAnswer | Promise<ChatAnswer>;

/** A local server that speaks a provider's interface and misbehaves on demand. */
export interface WireServer {
  /** Without a path and a slash at its end. */
  readonly url: string;
  /** The paid ones. */
  readonly requests: readonly ReceivedRequest[];
  close(): Promise<void>;
}

/** How a provider's interface is spoken. */
export interface ProviderWire {
  start(chat: ChatAnswerer): Promise<WireServer>;
  /** Of its base URL: `/v1`. */
  readonly basePath: string;
}
