import { afterEach, expect, it } from 'vitest';
import { planSimulation, type SimulateOptions, simulate } from '../../../src/index.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { chooseLongest } from '../../support/chat-answers.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { HIDDEN, labeledRecords, smallSimulation } from './simulation-lab.ts';

const folder = temporaryFolder();
let server: ProviderServer | undefined;
afterEach(() => server?.close());

function vectorOf(text: string): number[] {
  const random = seededRandom(0, text);
  return Array.from({ length: 8 }, () => random.float() - 0.5);
}

async function withBoughtVectors(name: string, more: Partial<SimulateOptions> = {}): Promise<SimulateOptions> {
  server = await startOpenAiServer({ chat: chooseLongest, embed: (texts) => ({ vectors: texts.map(vectorOf) }) });
  const baseUrl = `${server.url}/v1`;
  return {
    ...smallSimulation(folder),
    state: folder.file(`${name}.db`),
    cacheFolder: folder.file(`${name}-cache`),
    strategies: ['random', 'selectllm:perQuery=2:itemsPerQuery=6'],
    budgets: [4],
    provider: 'openai',
    model: 'gpt-4o-mini',
    baseUrl,
    apiKey: 'key',
    embedder: 'openai',
    embeddingModel: 'bought',
    embeddingBaseUrl: baseUrl,
    embeddingPrice: { input: 1_000_000, cachedInput: 1_000_000, output: 0 },
    clock: new VirtualClock().runByItself(),
    timeoutMs: 30_000,
    ...more,
  };
}

const callsOf = (path: string) => server!.requests.filter((request) => request.path === path).length;

it('names items without a usable vector, and says which arms could not choose them', async () => {
  const options = await withBoughtVectors('broken', { strategies: ['random', 'k-center'], budgets: [4, 48] });
  await server!.close();
  const lost = new Set(['Explain', 'Describe', 'Question']);
  server = await startOpenAiServer({
    embed: (texts) => ({
      vectors: texts.map((text) => (lost.has(text.split(' ')[0]!) ? new Array(8).fill(0) : vectorOf(text))),
    }),
  });
  const { cells, missing, notes } = await simulate({ ...options, embeddingBaseUrl: `${server.url}/v1` });
  const lines = notes.map(String);
  expect(lines.find((line) => line.includes('could not be chosen. Check'))).toMatch(
    /^\d+ items have no usable vector: r\d+, r\d+, .* and \d+ more\. They could not be chosen/,
  );
  expect(lines.find((line) => line.includes('They are held out'))).toMatch(/^\d+ items have no usable vector: r/);
  expect(lines).toContain('k-center: instructions without a usable vector could not be chosen.');
  expect(missing[0]!.because).toMatch(/only \d+ can be chosen: 0 are near-duplicates, \d+ have no usable vector/);
  const wordOf = new Map(labeledRecords(60).map(({ id, instruction }) => [id, instruction.split(' ')[0]!]));
  for (const { picked } of cells) for (const id of picked) expect(lost.has(wordOf.get(id)!)).toBe(false);
});

it('plans by stand-ins while vectors are to be paid for, buys each once, and spends no more than planned', async () => {
  const options = await withBoughtVectors('bought');
  const plan = await planSimulation(options);
  expect(server!.requests).toHaveLength(0);
  expect(plan).toMatchObject({ estimated: true, embedding: { model: 'bought', texts: 120 } });
  // Two queries with each of two seeds, beside the vectors.
  expect(plan.total.calls.expected).toBe(4 + plan.embedding!.calls);
  const result = await simulate(options);
  expect(result).toMatchObject({ end: 'complete', missing: [] });
  expect(result.spentMicroUsd).toBeLessThanOrEqual(plan.total.costMicroUsd.worstCase);
  expect(callsOf('/v1/chat/completions')).toBe(4);
  const sent = server!.requests.flatMap(({ body }) => (Array.isArray(body.input) ? (body.input as string[]) : []));
  expect(new Set(sent).size).toBe(sent.length);
  const requests = server!.requests.length;
  expect((await simulate(options)).cells).toEqual(result.cells);
  expect(server!.requests).toHaveLength(requests);
});

it('ends in good order where not even vectors can be paid for', async () => {
  const result = await simulate(await withBoughtVectors('poor', { maxMicroUsd: 1 }));
  expect(result).toMatchObject({ end: 'budget', cells: [], spentMicroUsd: 0 });
  expect(result.missing).toHaveLength(4);
  expect(server!.requests).toHaveLength(0);
});

it('takes cosine over the true responses that have a vector, and says over how many', async () => {
  const options = await withBoughtVectors('lost responses', { strategies: ['random'], budgets: [8], seeds: [0] });
  await server!.close();
  const same = [1, 0, 0, 0, 0, 0, 0, 0];
  server = await startOpenAiServer({
    embed: (texts) => ({
      vectors: texts.map((text) => {
        if (!text.includes(HIDDEN)) return vectorOf(text);
        return text.includes('glaciers') ? new Array(8).fill(0) : same;
      }),
    }),
  });
  const { cells, notes } = await simulate({ ...options, embeddingBaseUrl: `${server.url}/v1` });
  const said = notes.map(String).join('\n');
  const [, taken, left] =
    /cosine is the mean of (\d+) held-out responses; (\d+) have no usable vector/.exec(said) ?? [];
  expect(Number(taken) + Number(left)).toBe(12);
  expect(Number(left)).toBeGreaterThan(0);
  const [, unlike = '0'] = /(\d+) answers? without a usable vector counts? as cosine 0/.exec(said) ?? [];
  expect(cells[0]!.metrics.cosine).toBeCloseTo(1 - Number(unlike) / Number(taken), 6);
});
