import type { ProviderError } from '../../domain/errors.ts';
import type { LlmClient, LlmReply, LlmRequest } from './llm-client.ts';

/** What a provider's batches are like. */
export interface BatchTerms {
  /** What a request costs in one, as a part of its price, where the price table does not say. */
  readonly factor: number;
  readonly mostRequests: number;
  /** Of all requests together. */
  readonly mostBytes: number;
  /** The user has them answered: the API has `byHand`. */
  readonly isByHand?: true;
}

/** A request as a batch holds it. */
export interface WrittenRequest {
  /** JSON text. */
  readonly body: string;
  /** What it says of the answer's structure besides the request's messages, if anything. */
  readonly written?: string | undefined;
}

/** How far a batch is. */
export interface BatchProgress {
  /** No more results come. */
  readonly ended: boolean;
  readonly total: number;
  readonly done: number;
  /** Of `done`, how many have an answer, which is billed. */
  readonly answered: number;
  /** Why nothing of it was worked on. */
  readonly refused?: ProviderError;
}

export type BatchResult = { readonly customId: string } & (
  | { readonly reply: LlmReply }
  | { readonly error: ProviderError }
);

/** Whether the provider has a batch: `unclear` where one that it works on may be it. */
export type FoundBatch =
  | { readonly state: 'found'; readonly remoteId: string }
  | { readonly state: 'none' }
  | { readonly state: 'unclear' };

/** Makes single requests about batches: no retry, no metering; those are put around it. */
export interface BatchApi {
  readonly terms: BatchTerms;
  /** How requests are written now. It changes where a refusal shows that the provider wants another form. */
  readonly dialect: string;
  /** @param thinks whether the model thinks before it answers */
  write(request: LlmRequest, thinks: boolean): WrittenRequest;
  /** Learns from the refusal of a request. @returns whether it is written in another form from now on */
  learn(refusal: ProviderError, request: LlmRequest): boolean;
  /**
   * @param key what `find` finds it by
   * @param requests their custom ids begin with the key
   * @param onCreate is called right before the provider is asked to create it; what fails before has created nothing
   * @returns the provider's id of it
   * @throws ProviderError
   */
  create(
    key: string,
    requests: readonly { readonly customId: string; readonly body: string }[],
    onCreate: () => void,
    signal?: AbortSignal,
  ): Promise<string>;
  /** Looks for a batch whose id is not known. @param of.others ids of other batches of ours @throws ProviderError */
  find(
    key: string,
    of: { readonly createdAtMs: number; readonly size: number; readonly others: ReadonlySet<string> },
    signal?: AbortSignal,
  ): Promise<FoundBatch>;
  /** @throws ProviderError */
  look(remoteId: string, signal?: AbortSignal): Promise<BatchProgress>;
  /** The results of a batch that has ended, in any order. @throws ProviderError */
  results(remoteId: string, signal?: AbortSignal): Promise<readonly BatchResult[]>;
  /** The command that has a batch answered, where the user is to run it. */
  byHand?(remoteId: string): string;
}

/** A client of a provider that may have batches. */
export type BatchingClient = LlmClient & { readonly batches?: BatchApi };
