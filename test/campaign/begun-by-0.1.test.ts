import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { STATE_FILE } from '../../src/campaign/config/load-config.ts';
import { requestText } from '../../src/domain/conversation.ts';
import { textHash } from '../../src/domain/instruction.ts';
import { openCampaign } from '../../src/index.ts';
import { readPool } from '../../src/records/read-pool.ts';
import type { Campaign } from '../../src/runs/campaign/campaign.ts';
import { openCampaignState } from '../../src/store/campaign-state.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** What later versions read and bind in another way must not reach a campaign that winnow 0.1 left with a round out. */
const BEGUN = fileURLToPath(new URL('../fixtures/made-by-0.1/campaign-nearest', import.meta.url));
const home = temporaryFolder();

interface Task {
  readonly id: string;
  readonly instruction: string;
  readonly input: string;
}

async function atWork<T>(folder: string, work: (campaign: Campaign) => Promise<T>): Promise<T> {
  const clock = new VirtualClock().runByItself();
  const environment = { WINNOW_API_KEY: 'no-real-key' };
  const campaign = await openCampaign(folder, { cacheFolder: home.file('cache'), clock, environment });
  try {
    return await work(campaign);
  } finally {
    await campaign.close();
  }
}

function copyOf(name: string): string {
  const folder = home.file(name);
  cpSync(BEGUN, folder, { recursive: true });
  return folder;
}

const jsonLines = <T>(folder: string, file: string): T[] =>
  readFileSync(join(folder, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

/** Has an item and its record as 0.1 took them where a placeholder stood for no input. */
function withPlaceholder(folder: string, id: string): void {
  const database = new Database(join(folder, STATE_FILE));
  const found = database.prepare('SELECT instruction, record FROM item WHERE id = ?').get(id);
  const { instruction, record } = found as { readonly instruction: string; readonly record: string };
  const hash = textHash(requestText({ instruction, input: '<noinput>' }));
  database
    .prepare("UPDATE item SET input = '<noinput>', text_hash = ?, record = ? WHERE id = ?")
    .run(hash, JSON.stringify({ ...JSON.parse(record), input: '<noinput>' }), id);
  database.close();
  const records = jsonLines<Task>(folder, 'pool.jsonl').map((record) =>
    record.id === id ? { ...record, input: '<noinput>' } : record,
  );
  writeFileSync(join(folder, 'pool.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

function labelsOf(folder: string, records: readonly object[]): string {
  const file = join(folder, 'answers.jsonl');
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return file;
}

test('a grown pool adds what is new alone, also beside an item whose placeholder was an input then', async () => {
  const folder = copyOf('grown');
  withPlaceholder(folder, 'trav-009');
  appendFileSync(join(folder, 'pool.jsonl'), '{"id": "new-1", "instruction": "Name a river that flows north."}\n');
  const pool = await readPool([join(folder, 'pool.jsonl')]);
  const state = openCampaignState(join(folder, STATE_FILE), { clock: new VirtualClock(), caps: {}, version: '0.2.0' });
  expect(state.items.addFile('pool.jsonl', 'grown', pool)).toMatchObject({ records: 52, added: 1 });
  const items = state.items.all();
  expect(items).toHaveLength(47);
  expect(items.at(-1)!.id).toBe('new-1');
  expect(items.find(({ id }) => id === 'trav-009')!.input).toBe('<noinput>');
  state.close();
});

test('a label binds to the text of its task as 0.1 exported it, and to no other', async () => {
  const folder = copyOf('labels');
  const waiting = jsonLines<Task>(folder, 'rounds/2/tasks.jsonl').slice(4);
  const [first, second, third, fourth] = waiting as [Task, Task, Task, Task];
  withPlaceholder(folder, third.id);
  const said = { response: 'An answer.', annotator: 'ben', verdict: 'accepted' };
  await atWork(folder, async (campaign) => {
    const file = labelsOf(folder, [
      { ...first, ...said },
      { ...second, instruction: fourth.instruction, ...said },
      { ...third, input: '<noinput>', ...said },
    ]);
    expect(await campaign.importLabels(file)).toMatchObject({
      accepted: 2,
      otherTexts: [{ itemId: second.id, shown: fourth.instruction, assigned: second.instruction }],
    });
    // As the record is read now, without the placeholder.
    const again = labelsOf(folder, [{ ...third, input: '', ...said, annotator: 'anna' }]);
    expect(await campaign.importLabels(again)).toMatchObject({ accepted: 1, otherTexts: [] });
  });
});

test('labels stay on the side of training or testing they were on', async () => {
  const folder = copyOf('split');
  const before = (side: string) =>
    (JSON.parse(readFileSync(join(BEGUN, `rounds/1/training/${side}.json`), 'utf8')) as Task[]).map(
      ({ instruction }) => instruction,
    );
  await atWork(folder, (campaign) => campaign.exportTrainingData('alpaca', join(folder, 'now'), {}));
  const now = (side: string) =>
    (JSON.parse(readFileSync(join(folder, `now/${side}.json`), 'utf8')) as Task[]).map(
      ({ instruction }) => instruction,
    );
  expect(now('train')).toEqual(expect.arrayContaining(before('train')));
  expect(now('held-out')).toEqual(expect.arrayContaining(before('held-out')));
});

test('the figures of an evaluated round are those it had, on the test files', async () => {
  const folder = copyOf('figures');
  const { rounds } = await atWork(folder, async (campaign) => campaign.status());
  expect(rounds[0]!.outcome).toMatchObject({ evaluated: 20, failures: 15, poolScore: 4.9, heldOutScore: 7 });
  expect(rounds[0]!.outcome!.figures).toMatchObject({
    poolScore: { count: 20, mean: 4.9 },
    test: { from: 'test-files', score: { count: 6 }, failureRate: { count: 6 }, rougeL: null, cosine: null },
    changes: [],
  });
});
