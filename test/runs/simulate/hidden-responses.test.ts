import { afterEach, describe, expect, it } from 'vitest';
import { type SimulateOptions, simulate } from '../../../src/index.ts';
import { readPool } from '../../../src/records/read-pool.ts';
import { hideResponse } from '../../../src/runs/simulate/hide-response.ts';
import { type ChatPrompt, chooseLongest } from '../../support/chat-answers.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { HIDDEN, labeledRecords, smallSimulation, writeLabeled } from './simulation-lab.ts';

const folder = temporaryFolder();
let server: ProviderServer | undefined;
afterEach(() => server?.close());

/** Chooses where it is to choose, else rates; and drafts where it is only to answer. */
function answer(prompt: ChatPrompt) {
  if (/exactly \d+/i.test(prompt.text)) return chooseLongest(prompt);
  if (prompt.text.includes('the response alone')) return { text: 'a draft' };
  return { text: JSON.stringify({ score: 3 + (prompt.text.length % 3), reason: 'so it seems' }) };
}

async function online(strategies: readonly string[], more: Partial<SimulateOptions> = {}) {
  server = await startOpenAiServer({ chat: answer });
  const options: SimulateOptions = {
    ...smallSimulation(folder),
    strategies,
    budgets: [4],
    seeds: [0],
    provider: 'openai',
    model: 'gpt-4o-mini',
    baseUrl: `${server.url}/v1`,
    apiKey: 'key',
    clock: new VirtualClock().runByItself(),
    ...more,
  };
  const result = await simulate(options);
  return { result, sent: JSON.stringify(server.requests.map(({ body }) => body)) };
}

describe('the responses of a simulation', () => {
  it.each([
    ['a record', { id: 'a', instruction: 'Sing.', output: `${HIDDEN} 1`, gold: HIDDEN, more: { of: [HIDDEN] } }],
    [
      'a conversation',
      {
        messages: [
          { role: 'user', content: 'Sing.' },
          { role: 'assistant', content: HIDDEN },
        ],
        note: HIDDEN,
      },
    ],
  ])('are nowhere in %s that an arm gets', async (_, record) => {
    const file = folder.write('one.jsonl', `${JSON.stringify({ ...record, worth: 4 })}\n`);
    const { instructions } = await readPool([file]);
    const hidden = hideResponse(instructions[0]!, 'worth');
    expect(JSON.stringify(instructions[0])).toContain(HIDDEN);
    expect(JSON.stringify(hidden)).not.toContain(HIDDEN);
    expect(hidden).toMatchObject({ instruction: 'Sing.', record: { worth: 4 } });
    expect(hidden.output).toBeUndefined();
  });

  it('stay hidden in the fields that name tasks and tags, which are shown', async () => {
    const record = {
      ...{ instruction: 'Sing.', output: HIDDEN, task: 'song', tags: ['short', 'loud'], more: { of: HIDDEN } },
      ...{ gold: HIDDEN, golds: ['loud', HIDDEN] },
    };
    const file = folder.write('groups.jsonl', `${JSON.stringify(record)}\n`);
    const { instructions } = await readPool([file]);
    const hidden = hideResponse(instructions[0]!, undefined, ['task', 'tags', 'gold', 'golds', 'more', 'none']);
    expect(hidden.record).toEqual({ task: 'song', tags: ['short', 'loud'] });
  });

  it('are not needed to choose by tasks: the same budgets, over the tasks of the data', async () => {
    const labeled = labeledRecords(60).map((one, row) => ({ ...one, shape: row % 4 === 0 ? 'rare' : 'usual' }));
    const result = await simulate({
      ...smallSimulation(folder),
      labeled: writeLabeled(folder, 'tasks.jsonl', labeled),
      strategies: ['task-diversity:taskField=shape', 'random'],
      categoryField: 'shape',
      budgets: [2],
      seeds: [0, 1, 2],
    });
    const reached = result.cells.filter(({ arm }) => arm !== 'random').map(({ metrics }) => metrics.categories);
    expect(reached).toEqual([1, 1, 1]);
  });

  it('reach no LLM that chooses, and none that judges instructions or drafts', async () => {
    const arms = ['selectllm:perQuery=2:itemsPerQuery=8', 'mods:threshold=1', 'alpagasus:draft=true:threshold=1'];
    const { result, sent } = await online(arms);
    expect(result.cells).toHaveLength(3);
    expect(result.arms.map(({ sawResponses }) => sawResponses)).toEqual([false, false, false]);
    expect(sent).toContain('a draft');
    expect(sent).not.toContain(HIDDEN);
  });

  it('are shown to an arm that has nothing else to judge, which is said', async () => {
    const { result, sent } = await online(['alpagasus:threshold=1', 'random']);
    expect(result.arms.map(({ sawResponses }) => sawResponses)).toEqual([true, false]);
    expect(result.notes.join()).toMatch(/alpagasus:threshold=1 was shown the true responses.*draft/);
    expect(sent).toContain(HIDDEN);
  });

  it('change nothing about what is chosen without them', async () => {
    const strategies = [
      'random',
      'k-means',
      'length',
      'rouge:others=5',
      'car:scoreField=worth',
      'selectllm',
      'mods:threshold=1',
    ];
    const picks = async (respond: (index: number) => string) => {
      const labeled = writeLabeled(folder, 'responses.jsonl', labeledRecords(60, respond));
      const { cells } = await simulate({ ...smallSimulation(folder), labeled, strategies });
      return cells.map(({ picked }) => picked);
    };
    const one = await picks((index) => `${index}`);
    expect(one).toHaveLength(28);
    expect(await picks((index) => 'something else entirely '.repeat(1 + (index % 9)))).toEqual(one);
  });
});
