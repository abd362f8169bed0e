import { mkdirSync } from 'node:fs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import S3rver from 's3rver';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FileServer } from '../support/file-server.ts';
import { startHub } from '../support/hub-server.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const REVISION = 'c'.repeat(40);
const KEYS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
let hub: FileServer;
let s3: S3rver;
let environment: Record<string, string>;

beforeAll(async () => {
  const files = { 'data/train.jsonl': '{"q": "Why is snow white?", "a": "It scatters light."}\n' };
  hub = await startHub('owner/name', { revisions: new Map([[REVISION, files]]), token: 'hf_secret' });
  mkdirSync(root.file('s3'));
  const bucket = { name: 'logs', configs: [] };
  s3 = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: root.file('s3'),
    configureBuckets: [bucket],
  });
  const endpoint = `http://127.0.0.1:${(await s3.run()).port}`;
  const client = new S3Client({ endpoint, forcePathStyle: true, region: 'us-east-1', credentials: KEYS });
  await client.send(new PutObjectCommand({ Bucket: 'logs', Key: 'week.csv', Body: 'question\nWhy is grass green?\n' }));
  environment = {
    ...{ HF_ENDPOINT: hub.url, HF_TOKEN: 'hf_secret', AWS_ENDPOINT_URL: endpoint },
    ...{ AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey },
    WINNOW_CACHE_DIR: root.file('cache'),
  };
});
afterAll(async () => {
  await hub.close();
  await s3.close();
});

it('inspect reads files of the Hub and of S3, each as the mapping says', async () => {
  root.write('map.yaml', 'train.jsonl: { fields: { instruction: q, output: a } }\n');
  const args = ['inspect', 'hf://datasets/owner/name/train', 's3://logs/week.csv', '--mapping', 'map.yaml'];
  const { code, stdout } = await runCli(args, { cwd: root.path, environment });
  expect(code).toBe(0);
  expect(stdout).toContain(`hf://datasets/owner/name@${REVISION}/data/train.jsonl: 1 record, 1 item`);
  expect(stdout).toContain('asked    Why is snow white?\n      response It scatters light.');
  expect(stdout).toContain('s3://logs/week.csv: 1 record, 1 item');
});

it('says which variable is missing, and what is wrong with a mapping', async () => {
  const { HF_TOKEN: _, ...without } = environment;
  const refused = await runCli(['inspect', 'hf://datasets/owner/name'], { cwd: root.path, environment: without });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('was refused (status 401)');
  expect(refused.stderr).toContain('Set HF_TOKEN');
  root.write('bad.yaml', 'a.csv: { turn: each }\n');
  for (const [file, message] of [
    ['bad.yaml', 'Unrecognized key: "turn"'],
    ['none.yaml', 'The mapping "none.yaml" cannot be read: there is no such file.'],
  ] as const) {
    const bad = await runCli(['inspect', 'map.yaml', '--mapping', file], { cwd: root.path, environment });
    expect(bad.code).not.toBe(0);
    expect(bad.stderr).toContain(message);
  }
  const unused = await runCli(['inspect', 's3://logs/week.csv', '--mapping', 'map.yaml'], {
    cwd: root.path,
    environment,
  });
  expect(unused.code).toBe(2);
  expect(unused.stderr).toContain('--mapping has "train.jsonl", which matches none of the files.');
});

it('reads a public bucket without keys', async () => {
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...keyless } = environment;
  const result = await runCli(['inspect', 's3://logs/week.csv'], {
    cwd: root.path,
    environment: { ...keyless, AWS_EC2_METADATA_DISABLED: 'true' },
  });
  expect(result.stdout).toContain('s3://logs/week.csv: 1 record, 1 item');
});
