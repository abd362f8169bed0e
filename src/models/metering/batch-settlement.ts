import type { BatchLedger, BatchOwner, HeldRequest, OpenBatch } from '../../domain/batches.ts';
import { ProviderError } from '../../domain/errors.ts';
import type { CallLedger, PaidReply } from '../../domain/ledger.ts';
import { filteredReply } from '../paid-reply.ts';
import type { BatchResult } from '../providers/batch-api.ts';
import type { LlmReply } from '../providers/llm-client.ts';

/** Results that are stored as one transaction. */
const SETTLED_AT_A_TIME = 100;

interface Books {
  readonly ledger: CallLedger;
  readonly batches: BatchLedger;
}

export interface Settlement extends Books {
  readonly owner: Pick<BatchOwner, 'model'>;
  /** See `BatchDeskOptions`. */
  readonly paid: (reply: LlmReply, held: HeldRequest) => PaidReply;
  /** How many requests the provider says that it answered. */
  readonly answered: number;
  /** Of a request that has no result. */
  readonly missing: ProviderError;
}

/** What came of one call of a batch. */
export type BatchEnd = { readonly requestHash: string } & (
  | { readonly paid: PaidReply; readonly reply: LlmReply }
  | { readonly error: ProviderError }
);

/**
 * Ends every open call of a batch in the ledger: by its first result; without one, it counts as spent where the
 * provider has answered more than its results show, else as not worked on.
 */
export function settleBatch(batch: OpenBatch, results: readonly BatchResult[], settlement: Settlement): BatchEnd[] {
  const { ledger, batches, answered, missing } = settlement;
  const open = new Map(batch.calls.map((call) => [`${batch.key}-${call.attempt}`, call]));
  const ends: BatchEnd[] = [];
  for (let start = 0; start < results.length; start += SETTLED_AT_A_TIME) {
    batches.together(() => {
      for (const result of results.slice(start, start + SETTLED_AT_A_TIME)) {
        const call = open.get(result.customId);
        if (call === undefined) continue;
        open.delete(result.customId);
        ends.push({ requestHash: call.requestHash, ...endOf(result, call, settlement) });
      }
    });
  }
  const shown = new Set(results.flatMap((result) => ('reply' in result ? result.customId : []))).size;
  batches.together(() => {
    for (const { attempt, requestHash } of open.values()) {
      ledger[answered > shown ? 'lose' : 'release'](attempt, missing.message);
      ends.push({ requestHash, error: missing });
    }
  });
  return ends;
}

/** Ends all open calls of a batch in the same way. */
export function endAll({ calls }: OpenBatch, how: 'release' | 'lose', why: string, { ledger, batches }: Books): void {
  batches.together(() => {
    for (const { attempt } of calls) ledger[how](attempt, why);
  });
}

function endOf(result: BatchResult, call: OpenBatch['calls'][number], { ledger, paid, owner }: Settlement) {
  const end = providerErrorOr(() => {
    const reply = 'reply' in result ? result.reply : filteredReply(result.error, owner);
    return { paid: paid(reply, call.held), reply };
  });
  if (end instanceof ProviderError) return unanswered(end, call, ledger);
  ledger.settle(call.attempt, end.paid);
  return end;
}

function unanswered(error: ProviderError, { attempt }: OpenBatch['calls'][number], ledger: CallLedger) {
  ledger[error.billing === 'none' ? 'release' : 'lose'](attempt, error.message);
  return { error };
}

function providerErrorOr<T>(settle: () => T): T | ProviderError {
  try {
    return settle();
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}
