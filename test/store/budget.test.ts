import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BudgetExceededError, ProviderError } from '../../src/domain/errors.ts';
import type { PaidReply } from '../../src/domain/ledger.ts';
import { seededRandom } from '../../src/math/random.ts';
import { MeteredCaller } from '../../src/models/metering/metered-caller.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { SqliteLedger } from '../../src/store/sqlite-ledger.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const CALLS = 15;
const WORST_TOKENS = 100;
const WORST_MICRO_USD = 1_000;

it('200 random budgets × concurrency × faults never exceed a cap at any moment, in the real ledger', async () => {
  const budgets = fc.record({
    maxMicroUsd: fc.option(fc.nat(CALLS * WORST_MICRO_USD), { nil: undefined }),
    maxCalls: fc.option(fc.nat(CALLS), { nil: undefined }),
    maxTokens: fc.option(fc.nat(CALLS * WORST_TOKENS), { nil: undefined }),
    concurrency: fc.integer({ min: 1, max: 8 }),
    seed: fc.nat(),
  });
  const run = async ({ concurrency, seed, ...given }: typeof budgets extends fc.Arbitrary<infer B> ? B : never) => {
    const caps = Object.fromEntries(Object.entries(given).filter(([, cap]) => cap !== undefined));
    const random = seededRandom(seed, 'faults');
    const database = openDatabase(':memory:');
    const clock = new VirtualClock().runByItself();
    const ledger = new SqliteLedger(database, { caps, clock });
    const check = () => {
      const now = ledger.spending();
      const usd = now.settledMicroUsd + now.reservedMicroUsd + now.lostMicroUsd;
      expect(usd).toBeLessThanOrEqual(given.maxMicroUsd ?? Number.POSITIVE_INFINITY);
      const calls = now.settledCalls + now.reservedCalls + now.lostCalls;
      expect(calls).toBeLessThanOrEqual(given.maxCalls ?? Number.POSITIVE_INFINITY);
      const tokens = now.inputTokens + now.outputTokens + now.unsettledTokens;
      expect(tokens).toBeLessThanOrEqual(given.maxTokens ?? Number.POSITIVE_INFINITY);
    };
    const caller = new MeteredCaller({ ledger, clock, random, maxConcurrency: concurrency });
    const calls = Array.from({ length: CALLS }, (_, number) =>
      caller
        .call(planned(number), async () => {
          check();
          await new Promise((resolve) => setImmediate(resolve));
          check();
          if (random.float() < 0.2) throw fault(random.float() < 0.5 ? 'none' : 'unknown');
          return { paid: paid(random.below(WORST_MICRO_USD + 1), random.below(WORST_TOKENS + 1)), result: number };
        })
        .catch((error: unknown) => {
          if (!(error instanceof BudgetExceededError || error instanceof ProviderError)) throw error;
        }),
    );
    await Promise.all(calls);
    check();
    expect(ledger.spending().reservedCalls).toBe(0);
    database.close();
  };
  await fc.assert(fc.asyncProperty(budgets, run), { numRuns: 200 });
});

function planned(number: number) {
  return {
    kind: 'choose',
    subject: `query ${number}`,
    requestHash: String(number),
    provider: 'openai',
    model: 'm',
    worstCaseTokens: WORST_TOKENS,
    worstCaseMicroUsd: WORST_MICRO_USD,
  };
}

function paid(costMicroUsd: number, tokens: number): PaidReply {
  const usage = { inputTokens: tokens, cachedInputTokens: 0, outputTokens: 0 };
  return { text: '', model: 'm', stop: 'complete', usage, costMicroUsd };
}

function fault(billing: 'none' | 'unknown'): ProviderError {
  return new ProviderError('No.', { provider: 'openai', retryable: true, billing });
}
