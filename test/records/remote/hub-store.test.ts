import { readdirSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { readPool } from '../../../src/records/read-pool.ts';
import { type FileServer, storedIn } from '../../support/file-server.ts';
import { type HubRepository, startHub } from '../../support/hub-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const OLD = 'a'.repeat(40);
const NEW = 'b'.repeat(40);
const lines = (...texts: string[]) => `${texts.map((text) => JSON.stringify({ question: text })).join('\n')}\n`;
let server: FileServer | undefined;
let caches = 0;

afterEach(() => server?.close());

function repository(extra: Partial<HubRepository> = {}): HubRepository {
  return {
    revisions: new Map<string, Record<string, string>>([
      [OLD, { 'README.md': '# About', 'data/train.jsonl': lines('Old?') }],
      [NEW, { 'README.md': '# About', 'data/train.jsonl': lines('New?', 'Why?'), 'data/test.jsonl': lines('Test?') }],
    ]),
    ...extra,
  };
}

async function open(extra?: Partial<HubRepository>, token?: string) {
  server = await startHub('owner/name', repository(extra));
  caches += 1;
  server.hasStored = storedIn(folder.file(`cache-${caches}`));
  const remote = { hubUrl: server.url, cacheFolder: folder.file(`cache-${caches}`), hubToken: token };
  const read = async (address: string) => {
    const { instructions } = await readPool([address], { remote });
    return instructions.map(({ instruction, source }) => `${instruction} ${source.file}`);
  };
  return { read, files: () => readdirSync(folder.file(`cache-${caches}/files`)), server };
}

it('reads a data set, and names the revision in the source of each item', async () => {
  const { read } = await open();
  const place = `hf://datasets/owner/name@${NEW}/data`;
  expect(await read('hf://datasets/owner/name')).toEqual([
    `Test? ${place}/test.jsonl`,
    `New? ${place}/train.jsonl`,
    `Why? ${place}/train.jsonl`,
  ]);
});

it('reads a split, a named revision, and the address of a file on the website', async () => {
  const { read, server: hub } = await open();
  expect(await read('hf://datasets/owner/name/train')).toHaveLength(2);
  expect(await read(`hf://datasets/owner/name@${OLD}/train`)).toEqual([
    `Old? hf://datasets/owner/name@${OLD}/data/train.jsonl`,
  ]);
  for (const kind of ['resolve', 'blob']) {
    expect(await read(`${hub.url}/datasets/owner/name/${kind}/main/data/test.jsonl`)).toEqual([
      `Test? hf://datasets/owner/name@${NEW}/data/test.jsonl`,
    ]);
  }
});

it('downloads a file once', async () => {
  const { read, server: hub } = await open({ large: ['data/train.jsonl'] });
  await read('hf://datasets/owner/name/train');
  hub.requests.length = 0;
  expect(await read('hf://datasets/owner/name/train')).toHaveLength(2);
  expect(hub.requests.filter((request) => request.includes('/resolve/'))).toEqual([]);
});

it.each([[[]], [['data/train.jsonl']]])(
  'goes on where a download stopped, and checks the whole (large files: %j)',
  async (large) => {
    const { read, server: hub } = await open({ large });
    hub.cutAfter = 10;
    expect(await read('hf://datasets/owner/name/train')).toHaveLength(2);
    const ranges = hub.requests
      .filter((request) => request.includes('/resolve/'))
      .map((request) => request.split(' ')[1]);
    expect(ranges).toContainEqual(expect.stringMatching(/^bytes=10-/));
  },
);

it('refuses content that is not what the Hub lists', async () => {
  const listed = repository({ large: ['data/train.jsonl'] });
  const { read, files } = await open(listed);
  // The content changes after the tree was read, which no revision allows.
  const right = listed.revisions.get(NEW)!;
  const shown = { ...right };
  Object.defineProperty(shown, 'data/train.jsonl', {
    enumerable: true,
    get: (() => {
      let reads = 0;
      return () => (reads++ === 0 ? right['data/train.jsonl'] : lines('New?', 'Who?'));
    })(),
  });
  listed.revisions.set(NEW, shown);
  await expect(read('hf://datasets/owner/name/train')).rejects.toThrow('its hash or size differs');
  expect(files()).toEqual([]);
});

it('sends the token, and says what to set where one is needed', async () => {
  const { read } = await open({ token: 'hf_right' }, 'hf_right');
  expect(await read('hf://datasets/owner/name/test')).toHaveLength(1);
  await server!.close();
  const without = await open({ token: 'hf_right' });
  await expect(without.read('hf://datasets/owner/name')).rejects.toMatchObject({
    message: 'Access to "hf://datasets/owner/name" was refused (status 401).',
    hint: expect.stringContaining('HF_TOKEN'),
  });
});

it('says that a data set, a revision or a file does not exist', async () => {
  const { read } = await open();
  await expect(read('hf://datasets/owner/other')).rejects.toThrow('There is no "hf://datasets/owner/other"');
  await expect(read('hf://datasets/owner/name@gone')).rejects.toThrow('There is no "hf://datasets/owner/name@gone"');
  await expect(read('hf://datasets/owner/name/dev')).rejects.toThrow('has no "dev"');
  await expect(read('hf://datasets/name')).rejects.toThrow('is not the address of a data set');
});
