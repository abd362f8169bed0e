import type { ProviderName } from '../../domain/providers.ts';
import type { ModelPrice } from '../../domain/usage.ts';

/** Which model to ask and how to reach it: one shape from flags, winnow.yaml and library options down to the client. */
export interface ProviderSettings {
  readonly provider: ProviderName;
  /** Required for every provider except `offline`. */
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  /** What the user calls the key, for messages: the name of an environment variable, for example. */
  readonly keySource?: string | undefined;
  /** For models the price table does not know, as are the next two. */
  readonly price?: ModelPrice | undefined;
  /** Tokens the model can take. */
  readonly contextTokens?: number | undefined;
  /** Output tokens to allow beside the answer, for models that think before they answer. */
  readonly reasoningTokens?: number | undefined;
}

/** How one request is sent, whatever it asks for. */
export interface RequestSettings {
  /** Deadline of one request, answer included. */
  readonly timeoutMs: number;
  readonly fetch?: typeof fetch | undefined;
}
