import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PROVIDERS } from '../../../src/models/providers/registry.ts';
import { serverMemory } from '../../../src/models/providers/server-memory.ts';
import { chooseRequest } from '../../../src/testing/choose-request.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SERVED = { provider: 'vllm', endpoint: 'http://localhost:8000/v1', model: 'some-model' };
const DAY_MS = 24 * 60 * 60 * 1000;
const NOTES = { embedding: { mostTexts: null, mostTokens: 512 } };
const root = temporaryFolder();
const folder = () => root.file(randomUUID());
let server: ProviderServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

function memoryAt(day: number, place = folder()) {
  return serverMemory(place, { now: () => day * DAY_MS });
}

describe('what was found out of servers', () => {
  it('is kept for each model of each server, and added to', () => {
    const memory = memoryAt(1);
    memory.keep(SERVED, NOTES);
    memory.keep(SERVED, { tried: { structured: true, logprobs: false } });
    expect(memory.recall(SERVED)).toEqual({ ...NOTES, tried: { structured: true, logprobs: false } });
    expect(memory.recall({ ...SERVED, model: 'another' })).toEqual({});
    expect(memory.recall({ ...SERVED, endpoint: 'http://localhost:8001/v1' })).toEqual({});
    memory.forget(SERVED);
    expect(memory.recall(SERVED)).toEqual({});
  });

  it('is found out again after a month', () => {
    const place = folder();
    memoryAt(1, place).keep(SERVED, NOTES);
    expect(memoryAt(30, place).recall(SERVED)).toEqual(NOTES);
    expect(memoryAt(32, place).recall(SERVED)).toEqual({});
  });

  it('is for its owner alone', () => {
    const place = folder();
    memoryAt(1, place).keep(SERVED, NOTES);
    const made = ['servers', ...readdirSync(join(place, 'servers')).map((name) => join('servers', name))];
    expect(made.map((name) => statSync(join(place, name)).mode & 0o777)).toEqual([0o700, 0o600]);
  });

  it('ends nothing where it cannot be read or written', () => {
    const place = folder();
    memoryAt(1, place).keep(SERVED, NOTES);
    const [file] = readdirSync(join(place, 'servers'));
    writeFileSync(join(place, 'servers', file!), '{"dialect": {"taken": 3');
    expect(memoryAt(1, place).recall(SERVED)).toEqual({});
    const blocked = root.write('file', '');
    memoryAt(1, blocked).keep(SERVED, NOTES);
    expect(memoryAt(1, blocked).recall(SERVED)).toEqual({});
  });
});

describe('a client with a memory', () => {
  const open = (place: string, day = 1) =>
    PROVIDERS.find('vllm').open({
      ...{ model: 'some-model', apiKey: 'sk-1234567890', baseUrl: `${server!.url}/v1` },
      servers: memoryAt(day, place),
    });

  it('asks in the next run as the last one learned to, and stores no secret', async () => {
    server = await startOpenAiServer({ refuses: ['json_schema', 'temperature'] });
    const place = folder();
    await (await open(place)).complete(chooseRequest());
    expect(server.requests).toHaveLength(3);
    const again = await open(place);
    await again.complete(chooseRequest());
    expect(server.requests).toHaveLength(4);
    expect(again.asksFor!()).toEqual({ schema: false, logprobs: true });
    expect(server.requests[3]!.body).not.toHaveProperty('temperature');
    const [file] = readdirSync(join(place, 'servers'));
    expect(readFileSync(join(place, 'servers', file!), 'utf8')).not.toContain('sk-1234567890');
    await (await open(place, 40)).complete(chooseRequest());
    expect(server.requests).toHaveLength(7);
  });

  it('keeps nothing of an error 500 without a reason, which may have passed by itself', async () => {
    // The guess that goes without a schema fails too, the next one works.
    let failures = 3;
    server = await startOpenAiServer({
      chat: () =>
        failures-- > 0 ? { fault: 'status', status: 500, message: 'Internal Server Error' } : { text: '{}' },
    });
    const place = folder();
    const llm = await open(place);
    await expect(llm.complete(chooseRequest())).rejects.toMatchObject({ retryable: true });
    await llm.complete(chooseRequest());
    expect(server.requests).toHaveLength(4);
    expect((await open(place)).asksFor!().schema).toBe(true);
  });
});
