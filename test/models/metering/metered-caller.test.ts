import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BudgetExceededError, ProviderError, type ProviderFailure } from '../../../src/domain/errors.ts';
import type { PaidReply, PlannedCall } from '../../../src/domain/ledger.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { MeteredCaller } from '../../../src/models/metering/metered-caller.ts';
import { MemoryLedger } from '../../support/memory-ledger.ts';
import { settled, VirtualClock } from '../../support/virtual-clock.ts';

const WORST_CASE = 100;

function plan(name: string | number, worstCase = WORST_CASE): PlannedCall {
  return {
    kind: 'choose',
    subject: `call ${name}`,
    requestHash: String(name),
    provider: 'test',
    model: 'test-1',
    worstCaseTokens: worstCase,
    worstCaseMicroUsd: worstCase,
  };
}

function paid(cost = 10): PaidReply {
  const usage = { inputTokens: cost, cachedInputTokens: 0, outputTokens: 0 };
  return { text: 'yes', model: 'test-1', usage, stop: 'complete', costMicroUsd: cost };
}

const answer = async () => ({ paid: paid(), result: 'yes' });

function failure(details: Partial<ProviderFailure> = {}): ProviderError {
  return new ProviderError('It failed.', { provider: 'test', retryable: true, billing: 'none', ...details });
}

/** Fails with these in turn, then answers. */
function failing(...failures: readonly ProviderError[]) {
  let tries = 0;
  return async () => {
    tries += 1;
    const next = failures[tries - 1];
    if (next) throw next;
    return { paid: paid(), result: tries };
  };
}

function setUp({ caps = {}, maxConcurrency = 4, clock = new VirtualClock().runByItself() } = {}) {
  const ledger = new MemoryLedger(caps);
  const caller = new MeteredCaller({ ledger, clock, random: seededRandom(1), maxConcurrency });
  return { ledger, caller, clock };
}

/** Attempts that end when told to. */
function held() {
  const open: { resolve: () => void; reject: (error: unknown) => void; abandon: AbortSignal | undefined }[] = [];
  const attempt = (abandon: AbortSignal | undefined) =>
    new Promise<{ paid: PaidReply; result: string }>((resolve, reject) => {
      open.push({ resolve: () => resolve({ paid: paid(), result: 'yes' }), reject, abandon });
      abandon?.addEventListener('abort', () => reject(abandon.reason));
    });
  return { open, attempt };
}

const TIMED_OUT = new ProviderError(
  'Too slow.',
  { provider: 'test', retryable: true, billing: 'unknown' },
  { cause: new DOMException('', 'TimeoutError') },
);

describe('MeteredCaller', () => {
  it('reserves before the request and settles its real cost after it', async () => {
    const { ledger, caller } = setUp();
    const result = await caller.call(plan(1), async () => {
      expect(ledger.states).toEqual({ reserved: 1, settled: 0, released: 0, lost: 0 });
      expect(ledger.spending().reservedMicroUsd).toBe(WORST_CASE);
      return { paid: paid(7), result: 'seven' };
    });
    expect(result).toBe('seven');
    expect(ledger.states).toEqual({ reserved: 0, settled: 1, released: 0, lost: 0 });
    expect(ledger.spending().settledMicroUsd).toBe(7);
  });

  it('releases what was turned down, loses what may be billed, and reserves again for every retry', async () => {
    const { ledger, caller } = setUp();
    const tries = await caller.call(plan(1), failing(failure({ status: 500 }), failure({ billing: 'unknown' })));
    expect(tries).toBe(3);
    expect(ledger.attempts.map(({ state }) => state)).toEqual(['released', 'lost', 'settled']);
    expect(ledger.spending().lostMicroUsd).toBe(WORST_CASE);
  });

  it('counts an error it does not know as lost and throws it as it is', async () => {
    const { ledger, caller } = setUp();
    const bug = new TypeError('no such thing');
    await expect(caller.call(plan(1), () => Promise.reject(bug))).rejects.toBe(bug);
    await expect(
      caller.call(plan(2), () => {
        throw bug;
      }),
    ).rejects.toBe(bug);
    expect(ledger.states.lost).toBe(2);
  });

  it('does not repeat a final failure', async () => {
    const { ledger, caller } = setUp();
    const final = failure({ retryable: false, status: 401 });
    await expect(caller.call(plan(1), failing(final))).rejects.toBe(final);
    expect(ledger.attempts).toHaveLength(1);
  });

  it('gives up after six tries and says so', async () => {
    const { ledger, caller } = setUp();
    const alike = Array.from({ length: 9 }, () => failure({ status: 500 }));
    await expect(caller.call(plan(1), failing(...alike))).rejects.toMatchObject({
      code: 'PROVIDER',
      message: 'It failed. Gave up after 6 tries.',
      status: 500,
      hint: expect.stringContaining('again'),
    });
    expect(ledger.states).toEqual({ reserved: 0, settled: 0, released: 6, lost: 0 });
  });

  it('says how long a wait is demanded when it is too long', async () => {
    const { caller } = setUp();
    const tooLong = failure({ status: 429, retryAfterMs: 32 * 60_000 });
    await expect(caller.call(plan(1), failing(tooLong))).rejects.toThrow(
      'It failed. It asks to wait 32 minutes before the next request, longer than the 10 minutes we wait for it.',
    );
  });

  it('waits as long as demanded, and starts no other call meanwhile', async () => {
    const clock = new VirtualClock();
    const { caller } = setUp({ clock });
    const limited = caller.call(plan(1), failing(failure({ status: 429, retryAfterMs: 5_000 })));
    await settled();
    let otherStarted = false;
    const other = caller.call(plan(2), async () => {
      otherStarted = true;
      return answer();
    });
    await clock.advance(4_999);
    expect(otherStarted).toBe(false);
    await clock.advance(1);
    await clock.advance(1_100);
    await expect(Promise.all([limited, other])).resolves.toEqual([2, 'yes']);
  });

  it('waits for a retry without holding a slot', async () => {
    const clock = new VirtualClock();
    const { caller } = setUp({ clock, maxConcurrency: 1 });
    const retried = caller.call(plan(1), failing(failure({ status: 500 })));
    await settled();
    await expect(caller.call(plan(2), answer)).resolves.toBe('yes');
    await clock.advance(60_000);
    await expect(retried).resolves.toBe(2);
  });

  it.each([
    ['times out', failure({ status: 408 })],
    ['does not answer in time', TIMED_OUT],
    ['is overloaded', failure({ status: 529 })],
    ['limits requests at once', failure({ status: 429, said: 'Too many concurrent requests.' })],
  ])('halves its concurrency when the server %s', async (_, overload) => {
    const { caller } = setUp({ maxConcurrency: 8 });
    const { open, attempt } = held();
    const call = caller.call(plan(1), attempt);
    await settled();
    open[0]!.reject(overload);
    await settled();
    expect(caller.concurrency).toBe(2);
    open[1]!.resolve();
    await call;
  });

  it('keeps its concurrency where only the rate is limited, which the pace keeps', async () => {
    const { caller } = setUp({ maxConcurrency: 8 });
    await caller.call(plan(1), failing(failure({ status: 429, retryAfterMs: 1 })));
    expect(caller.concurrency).toBe(5);
  });

  it('gives no call up for refusals while the server lets others through', async () => {
    const { caller, ledger } = setUp();
    const refusals = Array.from({ length: 9 }, () => failure({ status: 429, retryAfterMs: 1_000 }));
    const refused = caller.call(plan('refused'), failing(...refusals));
    const others = (async () => {
      for (let name = 0; name < 20; name += 1) await caller.call(plan(name), answer);
    })();
    await others;
    await expect(refused).resolves.toBe(10);
    expect(ledger.states.lost).toBe(0);
    expect(caller.retries.rateLimited).toBe(9);
  });

  it('gives no call up for refusals of requests at once either', async () => {
    const { caller } = setUp();
    const said = 'Too many concurrent requests.';
    const refusals = Array.from({ length: 9 }, () => failure({ status: 429, retryAfterMs: 1_000, said }));
    const refused = caller.call(plan('refused'), failing(...refusals));
    for (let name = 0; name < 20; name += 1) await caller.call(plan(name), answer);
    await expect(refused).resolves.toBe(10);
  });

  it('gives up when a server that demands short waits lets nothing through for a minute', async () => {
    const { caller, clock, ledger } = setUp();
    const refusals = Array.from({ length: 200 }, () => failure({ status: 429, retryAfterMs: 1_000 }));
    await expect(caller.call(plan(1), failing(...refusals))).rejects.toThrow('It failed. Gave up after');
    expect(clock.now()).toBeGreaterThanOrEqual(60_000);
    expect(clock.now()).toBeLessThan(120_000);
    expect(ledger.states.released).toBeLessThan(70);
  });

  it('gives up after six refusals in a row that demand no wait', async () => {
    const { caller, ledger } = setUp();
    const refusals = Array.from({ length: 9 }, () => failure({ status: 429 }));
    await expect(caller.call(plan(1), failing(...refusals))).rejects.toThrow('It failed. Gave up after 6 tries.');
    expect(ledger.states.released).toBe(6);
  });

  it('goes on at the rates that an earlier run learned, and keeps what it learns', async () => {
    const kept: unknown[] = [];
    const rates = {
      find: (provider: string, model: string) => {
        expect([provider, model]).toEqual(['test', 'test-1']);
        return { requestsPerMs: 0.001 };
      },
      keep: (...learned: readonly unknown[]) => kept.push(learned),
    };
    const clock = new VirtualClock().runByItself();
    const ledger = new MemoryLedger({}, rates);
    const caller = new MeteredCaller({ ledger, clock, random: seededRandom(1), maxConcurrency: 4 });
    await Promise.all([1, 2, 3].map((name) => caller.call(plan(name), answer)));
    expect(clock.now()).toBeGreaterThan(1_900);
    expect(kept).toEqual([]);
    await caller.call(plan(4), failing(failure({ status: 429 })));
    expect(kept).toEqual([['test', 'test-1', { requestsPerMs: 0.001, tokensPerMs: undefined }]]);
  });

  it('counts retries by what went wrong', async () => {
    const { caller } = setUp();
    await caller.call(plan(1), failing(failure({ status: 429 }), failure({ status: 503 }), TIMED_OUT, failure()));
    await caller.call(plan(2), failing(failure({ status: 529 }), failure({ status: 408 })));
    expect(caller.retries).toEqual({ rateLimited: 1, serverErrors: 2, timeouts: 2, connections: 1 });
  });

  describe('at the end of the budget', () => {
    it('gives up at once when nothing is under way', async () => {
      const { caller } = setUp({ caps: { maxMicroUsd: WORST_CASE - 1 } });
      await expect(caller.call(plan(1), answer)).rejects.toBeInstanceOf(BudgetExceededError);
    });

    it('waits for a request under way, whose real cost may leave room', async () => {
      const { caller, ledger } = setUp({ caps: { maxMicroUsd: WORST_CASE + 20 } });
      const { open, attempt } = held();
      const first = caller.call(plan(1), attempt);
      const second = caller.call(plan(2), attempt);
      await settled();
      expect(open).toHaveLength(1);
      open[0]!.resolve();
      await settled();
      expect(open).toHaveLength(2);
      open[1]!.resolve();
      await expect(Promise.all([first, second])).resolves.toEqual(['yes', 'yes']);
      expect(ledger.spending().settledMicroUsd).toBe(20);
    });

    it('gives up when the last request under way has ended without leaving room', async () => {
      const { caller } = setUp({ caps: { maxCalls: 1 } });
      const { open, attempt } = held();
      const first = caller.call(plan(1), attempt);
      const others = [caller.call(plan(2), answer), caller.call(plan(3), answer)];
      await settled();
      open[0]!.resolve();
      await expect(first).resolves.toBe('yes');
      for (const other of await Promise.allSettled(others)) {
        expect(other).toMatchObject({ status: 'rejected', reason: { code: 'BUDGET_EXCEEDED' } });
      }
    });

    it('lets a small call through where a large one does not fit', async () => {
      const { caller } = setUp({ caps: { maxMicroUsd: 50 } });
      const [large, small] = await Promise.allSettled([
        caller.call(plan(1, 60), answer),
        caller.call(plan(2, 40), answer),
      ]);
      expect([large.status, small.status]).toEqual(['rejected', 'fulfilled']);
    });
  });

  describe('when cancelled', () => {
    const reason = new Error('Ctrl-C');

    it('rejects what waits and lets requests under way finish and settle', async () => {
      const { caller, ledger } = setUp({ maxConcurrency: 2 });
      const stop = new AbortController();
      const { open, attempt } = held();
      const calls = [1, 2, 3, 4].map((name) => caller.call(plan(name), attempt, { signal: stop.signal }));
      const outcomes = Promise.allSettled(calls);
      await settled();
      stop.abort(reason);
      for (const { resolve } of open) resolve();
      expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
      await expect(calls[3]).rejects.toBe(reason);
      expect(ledger.states).toEqual({ reserved: 0, settled: 2, released: 0, lost: 0 });
    });

    it('lets hundreds of calls wait on one signal without a warning of Node', async () => {
      const { caller } = setUp({ maxConcurrency: 1 });
      const stop = new AbortController();
      const warnings: Error[] = [];
      const onWarning = (warning: Error) => warnings.push(warning);
      process.on('warning', onWarning);
      onTestFinished(() => void process.off('warning', onWarning));
      const signals = { signal: stop.signal, abandon: stop.signal };
      await Promise.all(Array.from({ length: 300 }, (_, name) => caller.call(plan(name), answer, signals)));
      await settled();
      expect(warnings).toEqual([]);
    });

    it('does not retry after the stop', async () => {
      const { caller } = setUp({ clock: new VirtualClock() });
      const stop = new AbortController();
      const call = caller.call(plan(1), failing(failure({ status: 500 })), { signal: stop.signal });
      await settled();
      stop.abort(reason);
      await expect(call).rejects.toBe(reason);
    });

    it('rejects a call that waits for room in the budget', async () => {
      const { caller, ledger } = setUp({ caps: { maxCalls: 1 } });
      const stop = new AbortController();
      const { open, attempt } = held();
      const first = caller.call(plan(1), attempt, { signal: stop.signal });
      const waiting = caller.call(plan(2), answer, { signal: stop.signal });
      await settled();
      stop.abort(reason);
      await expect(waiting).rejects.toBe(reason);
      open[0]!.resolve();
      await expect(first).resolves.toBe('yes');
      expect(ledger.attempts).toHaveLength(1);
    });

    it('ends requests under way when they are abandoned, and counts them as lost', async () => {
      const { caller, ledger } = setUp({ maxConcurrency: 1 });
      const abandon = new AbortController();
      const { attempt } = held();
      const calls = [1, 2].map((name) => caller.call(plan(name), attempt, { abandon: abandon.signal }));
      await settled();
      abandon.abort(reason);
      await expect(calls[0]).rejects.toBe(reason);
      await expect(calls[1]).rejects.toBe(reason);
      expect(ledger.states).toEqual({ reserved: 0, settled: 0, released: 0, lost: 1 });
    });
  });

  it('never exceeds a cap, and ends every attempt in one state, for any budget, costs and faults', async () => {
    const fault = fc.constantFrom(undefined, 'turned down', 'lost', 'rate limited', 'final', 'bug');
    const call = fc.record({
      worstCase: fc.integer({ min: 1, max: 100 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      faults: fc.array(fault, { maxLength: 3 }),
      turns: fc.nat({ max: 3 }),
    });
    const caps = fc.record(
      {
        maxMicroUsd: fc.integer({ min: 0, max: 1_500 }),
        maxCalls: fc.integer({ min: 0, max: 20 }),
        maxTokens: fc.integer({ min: 0, max: 1_500 }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        caps,
        fc.integer({ min: 1, max: 8 }),
        fc.array(call, { minLength: 1, maxLength: 20 }),
        async (limits, maxConcurrency, calls) => {
          // The ledger itself throws when a cap is exceeded or an attempt ends twice.
          const { ledger, caller } = setUp({ caps: limits, maxConcurrency });
          let underWay = 0;
          let mostUnderWay = 0;
          const outcomes = await Promise.allSettled(
            calls.map(({ worstCase, share, faults, turns }, name) => {
              const left = [...faults];
              return caller.call(plan(name, worstCase), async () => {
                underWay += 1;
                mostUnderWay = Math.max(mostUnderWay, underWay);
                for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
                underWay -= 1;
                const next = left.shift();
                if (next === 'bug') throw new TypeError('bug');
                if (next === 'final') throw failure({ retryable: false });
                if (next === 'rate limited') throw failure({ status: 429, retryAfterMs: 100 });
                if (next !== undefined) throw failure({ billing: next === 'lost' ? 'unknown' : 'none' });
                return { paid: paid(Math.floor(worstCase * share)), result: name };
              });
            }),
          );
          expect(mostUnderWay).toBeLessThanOrEqual(maxConcurrency);
          expect(ledger.states.reserved).toBe(0);
          expect(ledger.states.settled).toBe(outcomes.filter(({ status }) => status === 'fulfilled').length);
          for (const outcome of outcomes) {
            if (outcome.status === 'fulfilled') continue;
            const { reason } = outcome;
            expect(
              reason instanceof BudgetExceededError || reason instanceof ProviderError || reason.message === 'bug',
            ).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
