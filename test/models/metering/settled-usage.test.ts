import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costMicroUsd } from '../../../src/domain/usage.ts';
import { settledUsage } from '../../../src/models/metering/settled-usage.ts';

const held = { counted: { inputTokens: 100, outputTokens: 20 }, unsaid: { inputTokens: 180, outputTokens: 50 } };
const PRICE = { input: 1_000_000, cachedInput: 100_000, output: 4_000_000 };

describe('what a call is settled at', () => {
  it('is what the provider says where that is not below our count, cached input included', () => {
    const usage = { inputTokens: 120, cachedInputTokens: 110, outputTokens: 20 };
    expect(settledUsage(usage, held)).toEqual({ usage });
  });

  it.each([
    ['zero', { inputTokens: 0, outputTokens: 0 }, [100, 20]],
    ['below our count', { inputTokens: 99, outputTokens: 25 }, [100, 25]],
    ['missing', undefined, [180, 50]],
    ['missing in part', { inputTokens: 130 }, [130, 50]],
    ['negative', { inputTokens: -5, outputTokens: -1 }, [180, 50]],
    ['text', { inputTokens: 'none', outputTokens: '30' }, [180, 30]],
    ['a fraction', { inputTokens: 120.5, outputTokens: Number.NaN }, [180, 50]],
    ['more than any context holds', { inputTokens: Number.MAX_SAFE_INTEGER, outputTokens: 1e12 }, [180, 50]],
    ['cached beyond the prompt', { inputTokens: 150, cachedInputTokens: 151, outputTokens: 20 }, [150, 20]],
  ])('is marked where the usage is %s', (_, usage, [inputTokens, outputTokens]) => {
    const settled = settledUsage(usage, held);
    expect(settled.usage).toMatchObject({ inputTokens, outputTokens });
    expect(settled.reported).toBeDefined();
  });

  it('bills input that is stored in the cache at its own price', () => {
    const { usage } = settledUsage(
      { inputTokens: 300, cachedInputTokens: 50, cacheWriteTokens: 200, outputTokens: 20 },
      held,
    );
    const price = { ...PRICE, cacheWrite: 1_250_000 };
    expect(costMicroUsd(usage, price)).toBe(50 + 5 + 250 + 80);
    // More than there was is what there was.
    const { usage: most } = settledUsage({ inputTokens: 300, cacheWriteTokens: 900, outputTokens: 20 }, held);
    expect(costMicroUsd(most, price)).toBe(375 + 80);
  });

  it('has no discount for cached input of a prompt that is counted too low', () => {
    const { usage } = settledUsage({ inputTokens: 90, cachedInputTokens: 90, outputTokens: 20 }, held);
    expect(usage.cachedInputTokens).toBe(0);
  });

  it('never costs less than our own count with any usage', () => {
    const anything = fc.oneof(fc.anything(), fc.nat(300), fc.integer(), fc.string(), fc.constant(undefined));
    const usage = fc.oneof(
      fc.anything(),
      fc.record({ inputTokens: anything, outputTokens: anything }, { requiredKeys: [] }),
    );
    const floor = costMicroUsd({ ...held.counted, cachedInputTokens: 0 }, PRICE);
    fc.assert(
      fc.property(usage, (given) => {
        const settled = settledUsage(given, held).usage;
        expect(costMicroUsd(settled, PRICE)).toBeGreaterThanOrEqual(floor);
        expect(Number.isSafeInteger(costMicroUsd(settled, PRICE))).toBe(true);
      }),
    );
  });
});
