import { afterEach, expect, it } from 'vitest';
import { type PickOptions, pick } from '../../../src/index.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { CampaignLab, POOL } from '../../campaign/campaign-lab.ts';
import { type EmbeddingAnswerer, startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
let server: ProviderServer | undefined;
afterEach(() => server?.close());

const RECORDS = [
  { id: 'sea', instruction: 'Which ocean is the deepest?' },
  { id: 'lost-1', instruction: 'Say why glue sticks. (lost)' },
  { id: 'lost-2', instruction: 'Draft a menu for five guests. (lost)' },
  { id: 'lost-3', instruction: 'How do tides come about? (lost)' },
  { id: 'trees', instruction: 'Name three kinds of oak.' },
  { id: 'play', instruction: 'Who wrote The Tempest?' },
];

function vectorOf(text: string): number[] {
  const random = seededRandom(1, text);
  return Array.from({ length: 16 }, () => random.float() - 0.5);
}

/** Sends zeros for lost texts, as a failing server does, until it is repaired. */
function failingServer(broken: (length: number) => number[] = (length) => new Array(length).fill(0)) {
  const asked: string[] = [];
  const state = { repaired: false, asked };
  const embed: EmbeddingAnswerer = (texts) => {
    asked.push(...texts);
    return {
      vectors: texts.map((text) => {
        const vector = vectorOf(text);
        return text.includes('(lost)') && !state.repaired ? broken(vector.length) : vector;
      }),
    };
  };
  return { state, embed };
}

async function optionsFor(embed: EmbeddingAnswerer, name: string): Promise<PickOptions> {
  server = await startOpenAiServer({ embed });
  return {
    pool: RECORDS,
    count: 3,
    strategy: 'k-means',
    state: ':memory:',
    cacheFolder: folder.file(name),
    embedder: 'openai',
    embeddingModel: 'm',
    embeddingBaseUrl: `${server.url}/v1`,
    embeddingApiKey: 'key',
    embeddingPrice: { input: 20_000, cachedInput: 20_000, output: 0 },
  };
}

it.each([
  ['zeros', undefined],
  ['nothing finite', (length: number) => new Array(length).fill(null)],
  ['an empty list', () => []],
])('leaves out and names items whose vector is %s, and asks for them again', async (name, broken) => {
  const { state, embed } = failingServer(broken as (length: number) => number[]);
  const options = await optionsFor(embed, name);
  const first = await pick(options);
  expect(first.picks.map(({ instruction }) => instruction.id).sort()).toEqual(['play', 'sea', 'trees']);
  expect(first.summary.pool).toMatchObject({ nearDuplicates: 0, withoutVector: 3, candidates: 3 });
  expect(first.summary.notes.join('\n')).toContain('3 items have no usable vector: lost-1, lost-2, lost-3.');

  state.repaired = true;
  state.asked.length = 0;
  const second = await pick({ ...options, count: 6 });
  expect(second.picks).toHaveLength(6);
  expect(state.asked).toHaveLength(3);
  expect(second.summary.notes.join('\n')).not.toContain('no usable vector');
});

it('says why too few can be picked', async () => {
  const { embed } = failingServer();
  await expect(pick({ ...(await optionsFor(embed, 'few')), count: 4 })).rejects.toThrow(
    'Asked for 4 instructions but only 3 can be picked. 3 items have no usable vector: lost-1, lost-2, lost-3.',
  );
});

it('lets a strategy without vectors pick them, none as a near-duplicate', async () => {
  const { embed } = failingServer();
  const { picks, summary } = await pick({ ...(await optionsFor(embed, 'random')), strategy: 'random', count: 6 });
  expect(picks).toHaveLength(6);
  expect(summary.pool).toMatchObject({ nearDuplicates: 0 });
  expect(summary.notes.join('\n')).toContain('They are not checked for near-duplicates.');
});

it('runs a campaign past items without a vector, and names them', async () => {
  const lostIds = POOL.slice(0, 3).map(({ id }) => id);
  const records = POOL.map((item) =>
    lostIds.includes(item.id) ? { ...item, instruction: `${item.instruction} (lost)` } : item,
  );
  const { embed } = failingServer();
  server = await startOpenAiServer({ embed });
  const lab = new CampaignLab(folder, 'campaign', {
    embedder: { kind: 'openai', model: 'm', baseUrl: `${server.url}/v1`, price: { input: 0.02, output: 0 } },
    budget: { llmUsd: 1 },
  });
  lab.writePool('pool.jsonl', records);
  const notes: string[] = [];
  // Each step in a process of its own, as `winnow next` makes it.
  for (let step = 0; step < 3; step += 1) {
    const result = await lab.work((campaign) => campaign.next(), { environment: { WINNOW_EMBEDDING_API_KEY: 'key' } });
    if (result.done) notes.push(...('notes' in result ? (result.notes as string[]) : []));
  }
  const picked = lab.rows<{ id: string }>('SELECT instruction_id AS id FROM pick').map(({ id }) => id);
  expect(picked).toHaveLength(8);
  expect(picked.filter((id) => lostIds.includes(id))).toEqual([]);
  expect(notes.join('\n')).toContain(`3 items have no usable vector: ${lostIds.join(', ')}.`);
});
