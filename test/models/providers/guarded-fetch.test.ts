import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { anthropicProvider } from '../../../src/models/providers/anthropic.ts';
import { compatibleProvider } from '../../../src/models/providers/compatible.ts';
import { guardedFetch } from '../../../src/models/providers/guarded-fetch.ts';
import { uncappedDispatcher } from '../../../src/models/providers/uncapped-dispatcher.ts';
import { chooseRequest } from '../../../src/testing/choose-request.ts';

const KEY = 'topsecret-key-"1"';

describe('requests to a provider', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  });

  async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const redirectTo = (location: string, status = 307) =>
    serve((request, response) => {
      request.resume();
      response.writeHead(status, { location }).end();
    });

  it.each([301, 302, 303, 307, 308])('are not sent on to another host by a %d, nor is the key', async (status) => {
    const seen: IncomingMessage[] = [];
    const other = await serve((request, response) => {
      seen.push(request);
      response.end('{}');
    });
    const base = await redirectTo(`${other}/v1/chat/completions`, status);
    for (const provider of [compatibleProvider, anthropicProvider]) {
      const llm = await provider.open({ model: 'm', apiKey: KEY.replaceAll('"', ''), baseUrl: `${base}/v1` });
      await expect(llm.complete(chooseRequest())).rejects.toMatchObject({
        status,
        retryable: false,
        billing: 'none',
        message: expect.stringMatching(/redirect.*does not follow/),
      });
    }
    expect(seen).toEqual([]);
  });

  it('follow redirects on the same host, body and all, but not for ever', async () => {
    const bodies: string[] = [];
    const base = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      bodies.push(`${request.method} ${request.url} ${body}`);
      if (request.url === '/twice') response.end('"here"');
      else response.writeHead(308, { location: request.url === '/loop' ? '/loop' : '/twice' }).end();
    });
    const fetch = guardedFetch({ apiKey: KEY });
    const response = await fetch(`${base}/once`, { method: 'POST', body: '{"a":1}' });
    expect(await response.json()).toBe('here');
    expect(bodies).toEqual(['POST /once {"a":1}', 'POST /twice {"a":1}']);
    expect((await fetch(`${base}/loop`)).status).toBe(308);
  });

  it('are not sent on without encryption, nor elsewhere by a broken address', async () => {
    const answers = ['http://a.test/', 'https://a.test:8443/', 'https://b.test/', 'nowhere://', ''];
    for (const location of answers) {
      const asked: string[] = [];
      const fetch = guardedFetch({
        apiKey: KEY,
        fetch: async (url) => {
          asked.push(String(url));
          return new Response(null, { status: 302, headers: { location } });
        },
      });
      const response = await fetch('https://a.test/v1/');
      expect([location, response.status, asked.length]).toEqual([location, 302, location === '' ? 4 : 1]);
    }
  });

  it('bring no key back, from any part of the answer', async () => {
    const forms = [KEY, JSON.stringify(KEY), encodeURIComponent(KEY)];
    const base = await serve((_, response) =>
      response
        .writeHead(200, { 'x-echo': encodeURIComponent(KEY) })
        .end(`{"model": ${forms[1]}, "url": "${forms[2]}"}`),
    );
    const response = await guardedFetch({ apiKey: KEY })(base);
    const received = `${JSON.stringify([...response.headers])}${await response.text()}`;
    expect(received).toContain('[key]');
    expect(received).not.toContain('topsecret');
  });

  it.each([
    ['with escapes', (key: string) => `"${[...key].map((one) => `\\u00${one.charCodeAt(0).toString(16)}`).join('')}"`],
    ['with some escapes', (key: string) => JSON.stringify(key).replaceAll('/', '\\/')],
    ['in base64', (key: string) => JSON.stringify(Buffer.from(key).toString('base64'))],
    ['in a login', (key: string) => JSON.stringify(Buffer.from(`Bearer ${key}`).toString('base64'))],
    ['in base64 for addresses', (key: string) => JSON.stringify(Buffer.from(`me:${key}`).toString('base64url'))],
  ])('bring no key back %s, and the JSON stays the same besides', async (_, write) => {
    const key = 'top/secret?key>~~~1';
    const text = String.raw`a \u0041 \ "quote" \n \\u0042`;
    const base = await serve((_, response) => response.end(`{"key": ${write(key)}, "text": ${JSON.stringify(text)}}`));
    const received = (await (await guardedFetch({ apiKey: key })(base)).json()) as { key: string; text: string };
    expect(received.key).toContain('[key]');
    expect(received.key).not.toMatch(/secret|cret/);
    expect(received.text).toBe(text);
  });

  it('bring no key back in the headers of an answer without a body', async () => {
    const base = await serve((_, response) => response.writeHead(204, { 'x-echo': encodeURIComponent(KEY) }).end());
    const { headers } = await guardedFetch({ apiKey: KEY })(base);
    expect(headers.get('x-echo')).toBe('[key]');
  });

  it('leave words alone that a short key is made of', async () => {
    const base = await serve((_, response) => response.end('a test of tests'));
    expect(await (await guardedFetch({ apiKey: 'test' })(base)).text()).toBe('a test of tests');
  });

  it('have no time limit of Node’s own, where they are made by its fetch', async () => {
    const base = await serve((_, response) => response.end('{}'));
    const original = globalThis.fetch;
    let given: unknown;
    globalThis.fetch = (url, init) => {
      given = (init as { dispatcher?: unknown }).dispatcher;
      return original(url, init);
    };
    try {
      await guardedFetch({ apiKey: KEY })(base);
    } finally {
      globalThis.fetch = original;
    }
    expect(given).toBe(uncappedDispatcher());
    expect(given).toBeDefined();
    const options = Object.getOwnPropertySymbols(given).map((symbol) => (given as Record<symbol, unknown>)[symbol]);
    expect(options).toContainEqual(expect.objectContaining({ headersTimeout: 0, bodyTimeout: 0 }));
  });
});
