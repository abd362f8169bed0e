import { ProviderError } from '../../src/domain/errors.ts';
import type { RateLimits } from '../../src/domain/rate-limits.ts';
import { seededRandom } from '../../src/math/random.ts';
import { type Answered, MeteredCaller } from '../../src/models/metering/metered-caller.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A limit of a server: so much a minute, flowing back evenly, and so much at once. */
export interface ServerLimit {
  readonly of: 'requests' | 'tokens';
  readonly perMinute: number;
  readonly burst: number;
}

export interface LimitedServerOptions {
  readonly limits: readonly ServerLimit[];
  /** Limits come back all at once at each full minute instead. */
  readonly byWindow?: boolean;
  /** Whether headers state the limits. */
  readonly states?: boolean;
  /** Whether a refusal says how long to wait; in whole seconds, rounded up, as most servers do. */
  readonly demands?: boolean;
  /** Most requests at once; beyond it they wait, as behind a real model. */
  readonly latencyMs: number;
}

export interface LimitedRun {
  readonly answered: number;
  readonly refused: number;
  /** Calls that were given up. */
  readonly lost: number;
  readonly ms: number;
  /** Amounts that the strictest limit would have let through in that time, at most. */
  readonly possible: number;
  readonly mostAtOnce: number;
  /** When each request arrived. */
  readonly arrivalsMs: readonly number[];
}

/**
 * Makes so many calls of so many tokens against a server with limits, in virtual time.
 * @param calls.tokens what the server counts of each; we reserve `reserved` for it
 */
export async function callLimitedServer(
  { limits, byWindow = false, states = false, demands = true, latencyMs }: LimitedServerOptions,
  calls: { readonly count: number; readonly tokens: number; readonly reserved?: number; readonly concurrency: number },
): Promise<LimitedRun> {
  const clock = new VirtualClock().runByItself();
  const buckets = limits.map((limit) => ({ ...limit, left: limit.burst, atMs: 0 }));
  const amountOf = ({ of }: ServerLimit) => (of === 'requests' ? 1 : calls.tokens);
  const refill = () => {
    const nowMs = clock.elapsed();
    for (const bucket of buckets) {
      if (!byWindow) {
        bucket.left = Math.min(bucket.burst, bucket.left + ((nowMs - bucket.atMs) * bucket.perMinute) / 60_000);
      } else if (Math.floor(nowMs / 60_000) > Math.floor(bucket.atMs / 60_000)) bucket.left = bucket.perMinute;
      bucket.atMs = nowMs;
    }
  };
  const stated = (): RateLimits | undefined => {
    if (!states) return undefined;
    const nowMs = clock.elapsed();
    return Object.fromEntries(
      buckets.map(({ of, perMinute, burst, left }) => {
        const limit = byWindow ? perMinute : burst;
        const resetMs = byWindow ? 60_000 - (nowMs % 60_000) : ((burst - left) * 60_000) / perMinute;
        return [of, { limit, remaining: Math.floor(left), resetMs }];
      }),
    );
  };
  let [answered, refused, underWay, mostAtOnce] = [0, 0, 0, 0];
  const arrivalsMs: number[] = [];
  const attempt = async (): Promise<Answered<void>> => {
    arrivalsMs.push(clock.elapsed());
    refill();
    const short = buckets.filter((bucket) => bucket.left < amountOf(bucket));
    if (short.length > 0) {
      refused += 1;
      const waitMs = Math.max(
        ...short.map((bucket) =>
          byWindow
            ? 60_000 - (clock.elapsed() % 60_000)
            : ((amountOf(bucket) - bucket.left) * 60_000) / bucket.perMinute,
        ),
      );
      const said = short[0]!.of === 'tokens' ? 'Rate limit reached on tokens per min (TPM).' : 'Rate limit reached.';
      throw new ProviderError('Refused.', {
        provider: 'test',
        status: 429,
        retryable: true,
        billing: 'none',
        said,
        limits: stated(),
        ...(demands ? { retryAfterMs: Math.max(1_000, Math.ceil(waitMs / 1_000) * 1_000) } : {}),
      });
    }
    for (const bucket of buckets) bucket.left -= amountOf(bucket);
    const saidLimits = stated();
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    await clock.sleep(latencyMs);
    underWay -= 1;
    answered += 1;
    const usage = { inputTokens: calls.tokens, cachedInputTokens: 0, outputTokens: 0 };
    const paid = { text: '', model: 'test-1', usage, stop: 'complete' as const, costMicroUsd: 0 };
    return { paid, result: undefined, limits: saidLimits };
  };
  const caller = new MeteredCaller({
    ledger: new MemoryLedger({}),
    clock,
    random: seededRandom(1),
    maxConcurrency: calls.concurrency,
  });
  const { reserved: worstCaseTokens = calls.tokens } = calls;
  const planned = { kind: 'choose', provider: 'test', model: 'test-1', worstCaseTokens, worstCaseMicroUsd: 0 };
  let next = 0;
  let lost = 0;
  const worker = async () => {
    while (next < calls.count) {
      next += 1;
      const name = String(next);
      await caller.call({ ...planned, subject: name, requestHash: name }, attempt).catch(() => {
        lost += 1;
      });
    }
  };
  await Promise.all(Array.from({ length: calls.concurrency }, worker));
  const ms = clock.elapsed();
  const most = limits.map((limit) => (limit.burst + (limit.perMinute * (ms - latencyMs)) / 60_000) / amountOf(limit));
  return { answered, refused, lost, ms, possible: Math.min(...most), mostAtOnce, arrivalsMs };
}
