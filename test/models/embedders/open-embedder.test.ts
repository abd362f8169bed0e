import { afterEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { openEmbedder } from '../../../src/models/embedders/open-embedder.ts';
import { MeteredCaller } from '../../../src/models/metering/metered-caller.ts';
import { countTokens } from '../../../src/models/metering/token-count.ts';
import { MemoryLedger } from '../../support/memory-ledger.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const folder = temporaryFolder();
const TEXTS = Array.from({ length: 600 }, (_, position) => `Explain how thing number ${position} works.`);
const TOKENS = TEXTS.reduce((sum, text) => sum + countTokens(text, 'cl100k_base'), 0);
/** A micro-dollar a token. */
const PRICE = { input: 1_000_000, cachedInput: 1_000_000, output: 0 };

describe('what embedding will cost', () => {
  let opened: Awaited<ReturnType<typeof openEmbedder>> | undefined;
  afterEach(() => opened?.close());

  async function costOf(texts: readonly string[], baseUrl?: string) {
    const caller = new MeteredCaller({
      ledger: new MemoryLedger(),
      clock: new VirtualClock(),
      random: seededRandom(1),
      maxConcurrency: 1,
    });
    const settings = { kind: 'openai', model: 'some-model', apiKey: 'sk-x', price: PRICE, baseUrl } as const;
    opened = await openEmbedder(settings, { caller, cacheFolder: folder.path, timeoutMs: 1_000 });
    return opened.unpaid(texts);
  }

  it('is at most a token and a micro-dollar a call more than the tokens are, for every call is rounded up', async () => {
    expect(await costOf(TEXTS)).toEqual({
      model: 'some-model',
      texts: 600,
      calls: 3,
      tokens: { expected: TOKENS, worstCase: TOKENS + 3 },
      costMicroUsd: { expected: TOKENS, worstCase: TOKENS + 3 + 3 },
    });
    expect(await costOf(TEXTS.slice(0, 256))).toMatchObject({ calls: 1 });
    expect(await costOf(TEXTS.slice(0, 257))).toMatchObject({ calls: 2 });
  });

  it('has a margin where a server of your own counts the tokens', async () => {
    const cost = (await costOf(TEXTS, 'http://localhost:8000/v1'))!;
    expect(cost.tokens.expected).toBe(TEXTS.reduce((sum, text) => sum + countTokens(text), 0));
    expect(cost.tokens.worstCase).toBeGreaterThan(TOKENS + 3);
    expect(cost.costMicroUsd.worstCase).toBe(cost.tokens.worstCase + 3);
  });

  it('is nothing without texts', async () => {
    expect(await costOf([])).toBeNull();
  });
});
