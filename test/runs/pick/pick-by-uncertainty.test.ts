import { afterEach, describe, expect, it } from 'vitest';
import { type PickOptions, pick, planPick, simulate } from '../../../src/index.ts';
import type { ChatAnswerer } from '../../support/chat-answers.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { smallSimulation } from '../simulate/simulation-lab.ts';

const folder = temporaryFolder();
const lines = (records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const pool = folder.write(
  'pool.jsonl',
  lines([0, 1, 2, 3].map((number) => ({ id: `it-${number}`, instruction: `Explain thing number ${number}.` }))),
);
let server: ProviderServer | undefined;
afterEach(() => server?.close());

async function online(chat: ChatAnswerer, more: Partial<PickOptions> = {}): Promise<PickOptions> {
  server = await startOpenAiServer({ chat });
  return {
    ...{ pool, count: 2, strategy: 'uncertainty', dedupeThreshold: 0, cacheFolder: folder.file('cache') },
    ...{ provider: 'compatible', model: 'some-model', baseUrl: `${server.url}/v1` },
    price: { input: 1_000_000, cachedInput: 1_000_000, output: 1_000_000 },
    clock: new VirtualClock().runByItself(),
    ...more,
  };
}

/** The higher the number, the less sure. */
const answer: ChatAnswerer = ({ text }) => {
  const number = Number(/number (\d)/.exec(text)![1]);
  const p = 1 - number / 8;
  return { text: 'It is.', tokens: [{ token: 'It', alternatives: { It: p, That: 1 - p } }] };
};
const idsOf = ({ picks }: Awaited<ReturnType<typeof pick>>) => picks.map(({ instruction }) => instruction.id);

describe('picking by uncertainty', () => {
  it('asks the LLM for its own answers once, and takes those it is least sure of', async () => {
    const run = await online(answer, { state: folder.file('online.db') });
    expect((await planPick(run)).total.calls).toMatchObject({ expected: 4 });
    const result = await pick(run);
    expect(idsOf(result)).toEqual(['it-3', 'it-2']);
    expect(server!.requests).toHaveLength(4);
    expect(server!.requests[0]!.body).toMatchObject({ logprobs: true, top_logprobs: 20 });
    expect(idsOf(await pick(run))).toEqual(['it-3', 'it-2']);
    expect(server!.requests).toHaveLength(4);
  });

  it('stops at the first answer without log-probabilities, and says what it lacks', async () => {
    const run = await online(() => ({ text: 'It is.' }), { state: ':memory:', concurrency: 1 });
    const result = await pick(run);
    expect(result.picks).toEqual([]);
    expect(result.summary.end).toBe('provider');
    expect(JSON.stringify(result.summary)).toContain('needs the log-probabilities of answers');
    expect(server!.requests).toHaveLength(1);
  });

  it('goes by the responses of labeled items without an LLM, and lacks a seed model without labels', async () => {
    const offline: PickOptions = {
      ...{ pool, count: 1, strategy: 'uncertainty', dedupeThreshold: 0, cacheFolder: folder.file('cache') },
      state: ':memory:',
    };
    await expect(pick(offline)).rejects.toThrow('Uncertainty needs a seed model, and there are no labels yet');
    const existing = folder.write(
      'labeled.jsonl',
      lines(
        [5, 6, 7].map((number) => ({ instruction: `Explain thing number ${number}.`, output: `A thing, ${number}.` })),
      ),
    );
    const [picked] = (await pick({ ...offline, existing })).picks;
    expect(picked!.reason).toMatch(/^The model is unsure of its answer; confidence 0\.\d\d$/);
    expect(picked!.model).toBe('retrieval');
  });

  it('compares whole conversations with labeled ones, not last requests alone', async () => {
    const request = { role: 'user', content: 'How often should she be fed?' };
    const chat = (about: string) => ({
      messages: [{ role: 'user', content: about }, { role: 'assistant', content: 'I see.' }, request],
    });
    const asked = folder.write(
      'chats.jsonl',
      lines([chat('I have a cat called Mia.'), chat('My python is nine metres long.')]),
    );
    const reasonsWith = async (about: readonly string[]) => {
      const labeled = about.map((one) => ({ ...chat(one), output: 'Feed her twice a day.' }));
      const existing = folder.write('labeled-chats.jsonl', lines(labeled));
      const given = { pool: asked, existing, count: 2, strategy: 'uncertainty', dedupeThreshold: 0 } as const;
      const { picks } = await pick({ ...given, cacheFolder: folder.file('cache'), state: ':memory:' });
      return picks.map(({ reason }) => reason);
    };
    // By last requests alone, the two would be one example, which no other agrees with.
    const [first, second] = await reasonsWith(['My cat Tom is grey.', 'My cat Pip is white.']);
    for (const reason of [first, second]) expect(reason).toContain('confidence 1.00');
  });

  it('is simulated with a random half whose labels make the seed model', async () => {
    const result = await simulate(
      smallSimulation(folder, {
        strategies: ['random', 'uncertainty', 'mix:mix=uncertainty=50+random=50'],
        budgets: [8, 12],
        seeds: [0, 1],
      }),
    );
    expect(result.cells).toHaveLength(12);
    expect(result.notes.map(String).join(' ')).toContain('half of each budget is drawn at random');
    const half = (arm: string, budget: number) =>
      result.cells
        .find((cell) => cell.arm === arm && cell.budget === budget && cell.seed === 1)!
        .picked.slice(0, budget / 2);
    expect(half('uncertainty', 12)).toEqual(half('random', 12));
    expect(half('mix:mix=uncertainty=50+random=50', 8)).toEqual(half('random', 8));
    const picked = result.cells.map((cell) => new Set(cell.picked).size === cell.budget);
    expect(picked.every(Boolean)).toBe(true);
  });
});
