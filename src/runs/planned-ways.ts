import type { Range } from '../domain/money.ts';
import type { Llm } from '../models/providers/open-llm.ts';

/** What the same calls cost and how long they take, made one by one or as batches. */
export interface PlannedWays {
  /** How they will be made. */
  readonly used: 'live' | 'batch';
  readonly live: PlannedWay;
  /** Seconds of one batch. Calls that need the answers of others go into a later one. */
  readonly batch: PlannedWay;
}

export interface PlannedWay {
  readonly costMicroUsd: Range;
  readonly seconds: Range;
}

/** Providers say that most batches end within an hour, and all within a day. */
const BATCH_SECONDS: Range = { expected: 3_600, worstCase: 86_400 };

/**
 * Both ways; null where the provider has no batches.
 * @param cost.llm of the calls, in the way that is used @param cost.rest of what is never sent as a batch
 */
export function plannedWays(
  { batches, price }: Llm,
  cost: { readonly llm: Range; readonly rest: Range },
  liveSeconds: number,
): PlannedWays | null {
  if (!batches) return null;
  const factor = price.output === 0 ? 1 : batches.price.output / price.output;
  const scaled = (by: number): Range => ({
    expected: Math.ceil(cost.llm.expected * by) + cost.rest.expected,
    worstCase: Math.ceil(cost.llm.worstCase * by) + cost.rest.worstCase,
  });
  return {
    used: batches.isUsed ? 'batch' : 'live',
    live: {
      costMicroUsd: scaled(batches.isUsed ? 1 / factor : 1),
      seconds: { expected: liveSeconds, worstCase: liveSeconds },
    },
    batch: { costMicroUsd: scaled(batches.isUsed ? 1 : factor), seconds: BATCH_SECONDS },
  };
}
