import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { renderSummary } from '../../../src/cli/output/render-summary.ts';
import { type PickOptions, pick } from '../../../src/index.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const folder = temporaryFolder();
const WORDS = ['rivers', 'clocks', 'bees', 'glass'];
/** Half of the records lack something: numbers or responses. */
const pool = folder.file('half.jsonl');
writeFileSync(
  pool,
  WORDS.map((word, index) => {
    const half = index < 2 ? { output: `About ${word}: a lot.`, stars: index } : {};
    return JSON.stringify({ id: word, instruction: `Explain ${word}.`, ...half });
  }).join('\n'),
);

describe('the advice of a selection that is short', () => {
  let server: ProviderServer | undefined;
  afterEach(() => server?.close());

  async function summaryOf(options: Partial<PickOptions>, end = 'short'): Promise<string> {
    const strategyOptions = { threshold: 0, ...options.strategyOptions };
    const given = { pool, count: 3, strategy: 'alpagasus', dedupeThreshold: 0, state: ':memory:', ...options };
    const { summary } = await pick({ ...given, strategyOptions });
    expect(summary.end).toBe(end);
    return renderSummary(summary, undefined, 80);
  }

  it('is about the field where numbers are missing', async () => {
    const text = await summaryOf({ strategyOptions: { scoreField: 'stars' } });
    expect(text).toContain('field of bees: it has no field "stars"');
    expect(text).toContain('by 1. Fix the field, name another with --score-field, or lower --count.');
    expect(text).not.toContain('--retry-failed');
  });

  it('is about responses where those are missing', async () => {
    const text = await summaryOf({});
    expect(text).toContain('accuracy of bees: it has no response');
    expect(text).toContain('by 1. Let the LLM write the missing responses with --draft, or lower --count.');
    expect(text).not.toContain('--retry-failed');
  });

  it('suggests a retry if a reply could not be used, even if responses are missing too', async () => {
    server = await startOpenAiServer({
      chat: ({ text }) => ({ text: text.includes('clocks') ? 'Good!' : '{"reason": "So it is.", "score": 3}' }),
    });
    const baseUrl = `${server.url}/v1`;
    const access = { provider: 'openai', model: 'gpt-4o-mini', baseUrl, apiKey: 'key' } as const;
    const text = await summaryOf({ ...access, clock: new VirtualClock().runByItself() });
    expect(text).toContain('by 2. Run the same command again with --retry-failed');
  });

  it.each([
    [undefined, /set aside +nothing\n +left +no cap, set one with --max-usd/],
    [1_000_000, /set aside +nothing\n +left +\$0\.99\d+ of \$1\.00\n/],
  ])('ends with what is spent, set aside and left of a cap of %s', async (maxMicroUsd, lines) => {
    server = await startOpenAiServer({ chat: () => ({ text: 'Good!' }) });
    const access = { provider: 'openai', model: 'gpt-4o-mini', baseUrl: `${server.url}/v1`, apiKey: 'key' } as const;
    expect(await summaryOf({ ...access, ...(maxMicroUsd === undefined ? {} : { maxMicroUsd }) })).toMatch(lines);
  });

  it('says that nothing was spent where no request could be sent', async () => {
    const access = {
      provider: 'openai',
      model: 'gpt-4o-mini',
      baseUrl: 'http://127.0.0.1:9/v1',
      apiKey: 'key',
    } as const;
    const capped = { ...access, maxMicroUsd: 1_000_000, clock: new VirtualClock().runByItself() };
    const text = await summaryOf(capped, 'provider');
    expect(text).toMatch(/spent +\$0\.00 for 0 calls.*\n +set aside +nothing\n +left +\$1\.00 of \$1\.00\n/);
    expect(await summaryOf({ strategyOptions: { scoreField: 'stars' } })).not.toContain('set aside');
  });

  it('says why money is set aside, and that it stays so', async () => {
    let requests = 0;
    server = await startOpenAiServer({
      chat: () => {
        requests += 1;
        return requests === 1 ? { fault: 'drop', when: 'middle' } : { text: 'Good!' };
      },
    });
    const access = { provider: 'openai', model: 'gpt-4o-mini', baseUrl: `${server.url}/v1`, apiKey: 'key' } as const;
    const text = await summaryOf({ ...access, maxMicroUsd: 1_000_000, clock: new VirtualClock().runByItself() });
    expect(text).toMatch(/set aside +\$0\.\d+: 1 call may have been billed without an answer; it counts as spent/);
    const [spent, aside, left] = ['spent', 'set aside', 'left'].map((name) =>
      Number(new RegExp(`${name} +\\$([\\d.]+)`).exec(text)![1]),
    );
    expect(spent! + aside! + left!).toBeCloseTo(1, 6);
  });
});
