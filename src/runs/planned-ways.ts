import { type Range, sumRanges } from '../domain/money.ts';
import type { Batching } from '../models/providers/open-llm.ts';

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
  /** Null where it depends on when the user has them answered. */
  readonly seconds: Range | null;
}

/** Providers say that most batches end within an hour, and all within a day. */
const BATCH_SECONDS: Range = { expected: 3_600, worstCase: 86_400 };

/** What some calls cost in the way that is used. */
export interface PlannedCalls {
  readonly costMicroUsd: Range;
  /** Absent for calls that are never sent as batches. */
  readonly batching?: Batching | undefined;
}

/**
 * Both ways; null where none of the calls can be sent as batches.
 * @param liveSeconds of all calls, made one by one
 */
export function plannedWays(calls: readonly PlannedCalls[], liveSeconds: number): PlannedWays | null {
  const batchings = calls.flatMap(({ batching }) => batching ?? []);
  if (batchings.length === 0) return null;
  const cost = (way: 'live' | 'batch') =>
    sumRanges(
      calls.map(({ costMicroUsd: { expected, worstCase }, batching: { isUsed, factor } = UNBATCHED }) => {
        const by = (way === 'batch' ? factor : 1) / (isUsed ? factor : 1);
        return { expected: Math.ceil(expected * by), worstCase: Math.ceil(worstCase * by) };
      }),
    );
  return {
    used: batchings.some(({ isUsed }) => isUsed) ? 'batch' : 'live',
    live: { costMicroUsd: cost('live'), seconds: { expected: liveSeconds, worstCase: liveSeconds } },
    batch: { costMicroUsd: cost('batch'), seconds: batchings.some(({ isByHand }) => isByHand) ? null : BATCH_SECONDS },
  };
}

const UNBATCHED: Batching = { isUsed: false, factor: 1 };
