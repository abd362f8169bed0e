import type { CallLedger, PlannedCall } from './ledger.ts';

/** What settles a request of a batch without the request itself, which may be gone by then. */
export interface HeldRequest {
  /** Our own count of what was sent. */
  readonly countedInputTokens: number;
  /** The fewest tokens that any tokenizer makes of it; absent in batches of earlier versions. */
  readonly fewestInputTokens?: number | undefined;
  /** The most that can be billed for it. */
  readonly mostInputTokens: number;
  readonly maxOutputTokens: number;
}

/** Whose batches these are: one model, asked at one address. */
export interface BatchOwner {
  readonly provider: string;
  readonly model: string;
  readonly endpoint: string;
}

/** A call of a batch that has not come back. */
export interface OpenBatchCall {
  /** Its attempt in the ledger. */
  readonly attempt: number;
  readonly requestHash: string;
  readonly held: HeldRequest;
}

/** A batch with calls that have not come back. */
export interface OpenBatch {
  /** What the provider's own list shows it by. */
  readonly key: string;
  readonly createdAtMs: number;
  /** When it was last handed to the provider; absent where that never began. */
  readonly sentAtMs?: number;
  /** The provider's id. Absent: it is not known whether the provider has it. */
  readonly remoteId?: string;
  /** How its requests are written. */
  readonly dialect: string;
  /** How many calls it had at first. */
  readonly size: number;
  readonly calls: readonly OpenBatchCall[];
}

/** The part of a ledger that knows of batches. Each method is one durable transaction. */
export interface BatchLedger {
  /** Batches with open calls, oldest first. */
  open(owner: BatchOwner): readonly OpenBatch[];
  /** Whether a call of this request is in a batch, its end unknown. */
  holds(requestHash: string): boolean;
  /** Calls in batches, of all models. */
  openCalls(): number;
  /**
   * Sets the worst case of each call aside and notes them as one batch, of as many of the first calls as fit under the caps.
   * @throws BudgetExceededError where not even the first fits
   */
  begin(
    owner: BatchOwner,
    calls: readonly { readonly planned: PlannedCall; readonly held: HeldRequest }[],
    dialect: string,
  ): OpenBatch;
  /** The provider is about to be asked to create it. */
  sent(key: string): void;
  /** The provider has it. */
  submitted(key: string, remoteId: string): void;
  /** Does several changes of the ledger as one. */
  together(change: () => void): void;
}

/** A ledger that may know of batches. Absent: calls are never sent as one. */
export type BatchingLedger = CallLedger & { readonly batches?: BatchLedger };
