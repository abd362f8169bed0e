import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import S3rver from 's3rver';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPool } from '../../../src/records/read-pool.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const KEYS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
let server: S3rver;
let endpoint: string;
let client: S3Client;

beforeAll(async () => {
  server = new S3rver({
    ...{ port: 0, address: '127.0.0.1', silent: true, directory: folder.file('s3') },
    configureBuckets: [{ name: 'logs', configs: [] }],
  });
  endpoint = `http://127.0.0.1:${(await server.run()).port}`;
  client = new S3Client({ endpoint, forcePathStyle: true, region: 'us-east-1', credentials: KEYS });
  for (const key of ['2026/a.jsonl', '2026/b.csv', '2026/notes.bin', '2026-old/c.jsonl', 'one.jsonl']) {
    const content = key.endsWith('.csv') ? `question\nOf ${key}?\n` : `{"question":"Of ${key}?"}\n`;
    await put(key, content);
  }
});
afterAll(() => server.close());

const put = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket: 'logs', Key, Body }));

async function read(address: string, credentials = KEYS) {
  const remote = { s3Endpoint: endpoint, s3Credentials: credentials, cacheFolder: folder.file('cache') };
  const { instructions } = await readPool([address], { remote });
  return instructions.map(({ instruction, source }) => [instruction, source.file]);
}

it.each([
  ['s3://logs/one.jsonl', ['one.jsonl']],
  ['s3://logs/2026', ['2026/a.jsonl', '2026/b.csv']],
  ['s3://logs/2026/', ['2026/a.jsonl', '2026/b.csv']],
  ['s3://logs/2026*/*.jsonl', ['2026-old/c.jsonl', '2026/a.jsonl']],
  ['s3://logs/**/*.{jsonl,csv}', ['2026-old/c.jsonl', '2026/a.jsonl', '2026/b.csv', 'one.jsonl']],
])('%s is read', async (address, keys) => {
  expect(await read(address)).toEqual(keys.map((key) => [`Of ${key}?`, `s3://logs/${key}`]));
});

it('reads an object again when it has changed', async () => {
  await put('grown.jsonl', '{"question":"One?"}\n');
  expect(await read('s3://logs/grown.jsonl')).toHaveLength(1);
  await put('grown.jsonl', '{"question":"One?"}\n{"question":"Two?"}\n');
  expect(await read('s3://logs/grown.jsonl')).toHaveLength(2);
});

it.each([
  ['s3://logs/none', 'There is no file of a known format'],
  ['s3://nowhere/a.jsonl', 'There is no "s3://nowhere/a.jsonl" on the server.'],
  ['s3://', 'names no bucket'],
])('says what is wrong with %s', async (address, message) => {
  await expect(read(address)).rejects.toThrow(message);
});

it('says that access was refused', async () => {
  const wrong = { accessKeyId: 'UNKNOWN', secretAccessKey: 'wrong' };
  await expect(read('s3://logs/one.jsonl', wrong)).rejects.toThrow('was refused (status 403)');
});
