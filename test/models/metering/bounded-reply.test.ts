import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { sendJson } from '../../../src/labels/http/send-json.ts';
import { mostReplyBytes, readBounded } from '../../../src/models/metering/bounded-reply.ts';
import { PROVIDERS } from '../../../src/models/providers/registry.ts';
import { chooseRequest } from '../../../src/testing/choose-request.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const client = async (provider: 'compatible' | 'anthropic', baseUrl: string) =>
  PROVIDERS.find(provider).open({ model: 'm', apiKey: 'sk-test-key', baseUrl });

const JSON_TYPE = { 'content-type': 'application/json' };
const FLOOD = '['.repeat(200_000);

/** Answers without end, in parts of a mebibyte. */
const endless: RequestListener = (_, response) => {
  response.writeHead(200, JSON_TYPE);
  const part = Buffer.alloc(2 ** 20, ' ');
  const write = () => {
    while (response.write(part));
  };
  response.on('drain', write);
  write();
};

/** A few kilobytes that become half a gigabyte. */
const bomb: RequestListener = (_, response) => {
  response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(BOMB);
};
const BOMB = gzipSync(Buffer.alloc(64 * 2 ** 20, ' '));

describe('a reply', () => {
  it.each([
    ['compatible', 'has no end', endless],
    ['anthropic', 'has no end', endless],
    ['compatible', 'grows when it is decompressed', bomb],
    ['anthropic', 'grows when it is decompressed', bomb],
  ] as const)('of %s that %s is an error, and is not asked for again', async (provider, _, answer) => {
    const llm = await client(provider, await serve(answer));
    await expect(llm.complete(chooseRequest())).rejects.toMatchObject({
      code: 'PROVIDER',
      message: expect.stringMatching(/sent more than [\d,]+ bytes, more than the answer can have\.$/),
      retryable: false,
      billing: 'unknown',
    });
  });

  it.each(['compatible', 'anthropic'] as const)('of %s that is nested too deep is an error', async (provider) => {
    const llm = await client(provider, await serve((_, response) => response.writeHead(200, JSON_TYPE).end(FLOOD)));
    await expect(llm.complete(chooseRequest())).rejects.toMatchObject({
      message: expect.stringContaining(
        'sent an answer that cannot be read: it is nested more than 10,000 levels deep.',
      ),
      retryable: false,
    });
  });

  it('of an annotation tool is bounded too', async () => {
    const baseUrl = await serve((_, response) => response.writeHead(200, JSON_TYPE).end(FLOOD));
    const connection = {
      service: 'Tool',
      baseUrl,
      keySource: 'KEY',
      secrets: new Set<string>(),
      timeoutMs: 600_000,
      fetch,
    };
    await expect(sendJson(connection, { method: 'GET', path: '/x' }, {}, undefined)).rejects.toMatchObject({
      code: 'LABELS_FAILED',
    });
    await expect(readBounded(new Response('x'.repeat(11)), 10)).rejects.toThrow('sent more than 10 bytes');
    await expect(readBounded(new Response('\ufeff{}'), 10)).resolves.toBe('{}');
  });
});

describe('the size of a reply', () => {
  it('follows from the output tokens that are asked for', () => {
    expect(mostReplyBytes('{"max_tokens":100,"messages":[]}')).toBe(2 ** 20 + 409_600);
    expect(mostReplyBytes('{"max_completion_tokens":100}')).toBe(2 ** 20 + 409_600);
    const echo = '{"max_tokens":1,"echo":true,"prompt":"abc"}';
    expect(mostReplyBytes(echo)).toBe(2 ** 20 + 4096 + 256 * echo.length);
  });

  it('does not follow from what a prompt says', () => {
    const body = JSON.stringify({ messages: [{ content: '"max_tokens":999999999' }], max_tokens: 1 });
    expect(mostReplyBytes(body)).toBe(2 ** 20 + 4096);
    expect(mostReplyBytes(undefined)).toBe(256 * 2 ** 20);
  });
});
