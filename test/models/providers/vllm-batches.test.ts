import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import type { BatchApi } from '../../../src/models/providers/batch-api.ts';
import { PROVIDERS } from '../../../src/models/providers/registry.ts';
import { chooseRequest } from '../../../src/testing/choose-request.ts';
import { runBatch } from '../../support/run-batch.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
let folder: string;
let api: BatchApi;
beforeEach(async () => {
  folder = root.file(randomUUID());
  const client = await PROVIDERS.find('vllm').open({ model: 'some-model', own: { batchFolder: folder } });
  api = client.batches!;
});

const requests = () => {
  const { body } = api.write(chooseRequest(), false);
  return ['key-1', 'key-2', 'key-3'].map((customId) => ({ customId, body }));
};
const create = (onCreate: () => void = () => undefined) => api.create('key', requests(), onCreate);
const since = { createdAtMs: 0, size: 3, others: new Set<string>() };
const results = async (path: string) =>
  Object.fromEntries((await api.results(path)).map(({ customId, ...result }) => [customId, result]));

it('has a batch from the moment its file is there, and asks for it by a command', async () => {
  expect(await api.find('key', since)).toEqual({ state: 'none' });
  let wasThere = true;
  const path = await create(() => {
    wasThere = existsSync(folder) && readdirSync(folder).length > 0;
  });
  expect(wasThere).toBe(false);
  expect(await api.find('key', since)).toEqual({ state: 'found', remoteId: path });
  expect(await api.find('other', since)).toEqual({ state: 'none' });
  expect(api.byHand!(path)).toBe(
    `vllm run-batch -i ${folder}/winnow-key.jsonl -o ${folder}/winnow-key.results.jsonl --model some-model`,
  );
  expect(await api.look(path)).toEqual({ ended: false, total: 3, done: 0, answered: 0 });
});

it('ends when each request has its result; what the engine refused is told in its words', async () => {
  const path = await create();
  let asked = 0;
  await runBatch(folder, () => {
    asked += 1;
    const message = "This model's maximum context length is 10 tokens.";
    return asked === 2 ? { fault: 'status', status: 400, message } : { text: `answer ${asked}` };
  });
  expect(await api.look(path)).toEqual({ ended: true, total: 3, done: 3, answered: 2 });
  expect(await results(path)).toEqual({
    'key-1': { reply: expect.objectContaining({ text: 'answer 1' }) },
    'key-2': {
      error: expect.objectContaining({ status: 400, message: expect.stringContaining('context length is 10') }),
    },
    'key-3': { reply: expect.objectContaining({ text: 'answer 3' }) },
  });
});

it('reads an error that is a sentence', async () => {
  const path = await create();
  const response = { status_code: 400, request_id: 'r', body: null };
  const line = { id: 'v', custom_id: 'key-1', response, error: 'The model has no chat template.' };
  appendFileSync(path.replace('.jsonl', '.results.jsonl'), `${JSON.stringify(line)}\n`);
  const read = await results(path);
  expect(read['key-1']).toEqual({
    error: expect.objectContaining({ message: expect.stringContaining('chat template') }),
  });
});

it('writes the next requests without what the engine refuses', async () => {
  const before = api.dialect;
  const refusal = { status: 400, message: 'Unsupported: response_format json_schema', fault: 'status' } as const;
  const path = await create();
  await runBatch(folder, () => refusal);
  const [first] = await api.results(path);
  if (first === undefined || !('error' in first)) return expect.fail('It was not refused.');
  expect(api.learn(first.error, chooseRequest())).toBe(true);
  expect(api.dialect).not.toBe(before);
  expect(api.write(chooseRequest(), false).body).not.toContain('json_schema');
});

it('waits where a run was stopped, and takes what is there once the file of requests is removed', async () => {
  const path = await create();
  await runBatch(folder, () => ({ text: 'an answer' }), 1);
  const file = path.replace('.jsonl', '.results.jsonl');
  appendFileSync(file, readFileSync(file, 'utf8').slice(0, 40));
  expect(await api.look(path)).toEqual({ ended: false, total: 3, done: 1, answered: 1 });
  rmSync(path);
  expect(await api.look(path)).toEqual({ ended: true, total: 1, done: 1, answered: 1 });
  expect(Object.keys(await results(path))).toEqual(['key-1']);
  rmSync(file);
  expect(await api.look(path)).toEqual({ ended: true, total: 0, done: 0, answered: 0 });
});
