import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FileServer, sendContent, startServer } from '../support/file-server.ts';
import { type HubRepository, startHub } from '../support/hub-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, MORE, POOL } from './campaign-lab.ts';

const home = temporaryFolder();
const FIRST = '1'.repeat(40);
const SECOND = '2'.repeat(40);
const lines = (records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const repository: HubRepository = { revisions: new Map([[FIRST, { 'train.jsonl': lines(POOL) }]]) };
let hub: FileServer;
let web: FileServer;
let log = lines(MORE.slice(0, 5));

beforeAll(async () => {
  hub = await startHub('owner/name', repository);
  web = await startServer((request, response, server) =>
    sendContent(request, response, server, { content: Buffer.from(log) }),
  );
});
afterAll(async () => {
  await hub.close();
  await web.close();
});

async function filesAfterNext(lab: CampaignLab) {
  const notes: string[] = [];
  const options = { environment: { HF_ENDPOINT: hub.url }, onNote: (note: string) => notes.push(note) };
  return lab.work(async (campaign) => {
    const { step } = await campaign.next();
    const { pool } = await campaign.status();
    return { step, files: pool.files.map(({ path, records, added }) => [path, records, added]), notes };
  }, options);
}

it('stays at the revision of a data set that it read first, without asking again', async () => {
  const lab = new CampaignLab(home, 'hub', { pool: { files: ['hf://datasets/owner/name'] } });
  const place = `hf://datasets/owner/name@${FIRST}/train.jsonl`;
  expect(await filesAfterNext(lab)).toMatchObject({ step: 'add-pool', files: [[place, POOL.length, POOL.length]] });
  expect(lab.rows('SELECT path, content_hash FROM pool_file ORDER BY id DESC LIMIT 1')).toEqual([
    { path: 'hf://datasets/owner/name', content_hash: `revision ${FIRST}` },
  ]);
  repository.revisions.set(SECOND, { 'train.jsonl': lines(POOL.concat(MORE)) });
  hub.requests.length = 0;
  const { next } = await lab.work((campaign) => campaign.status(), { environment: { HF_ENDPOINT: hub.url } });
  expect(next.step).not.toBe('add-pool');
  expect(hub.requests).toEqual([]);
  lab.configure({ pool: { files: ['hf://datasets/owner/name', `hf://datasets/owner/name@${SECOND}/train`] } });
  expect((await filesAfterNext(lab)).files.at(-1)).toEqual([
    `hf://datasets/owner/name@${SECOND}/train.jsonl`,
    POOL.length + MORE.length,
    MORE.length,
  ]);
});

it('reads a file on a server again when it has grown, and goes on without the server', async () => {
  const address = `${web.url}/log.jsonl`;
  const lab = new CampaignLab(home, 'web', { pool: { files: ['pool.jsonl', `${address}?key=secret`] } });
  const first = await filesAfterNext(lab);
  expect(first.files).toEqual([
    ['pool.jsonl', POOL.length, POOL.length],
    [address, 5, 5],
  ]);
  log += lines(MORE.slice(5, 8));
  const second = await filesAfterNext(lab);
  expect(second).toMatchObject({ step: 'add-pool' });
  expect(second.files.at(-1)).toEqual([address, 8, 3]);
  web.status = 500;
  const third = await filesAfterNext(lab);
  expect(third.step).not.toBe('add-pool');
  expect(third.notes.join('\n')).toContain(`Could not check ${address} for new records`);
  expect(third.notes.join('\n')).not.toContain('secret');
});
