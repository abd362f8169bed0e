import { afterEach, describe, expect, it } from 'vitest';
import { LabelError } from '../../../src/domain/errors.ts';
import { argillaServer } from '../../../src/labels/http/argilla-server.ts';
import type { LabelServer, LabelServerOptions } from '../../../src/labels/http/label-server.ts';
import { labelStudioServer } from '../../../src/labels/http/label-studio-server.ts';
import { ARGILLA_KEY, startArgilla } from '../../support/argilla-server.ts';
import { LEGACY_TOKEN, startLabelStudio } from '../../support/label-studio-server.ts';
import { type RestFault, type RestServer, type RestServerOptions, startRestServer } from '../../support/rest-server.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { labelTasks, patience } from './label-tasks.ts';

const tools = {
  'Label Studio': {
    key: LEGACY_TOKEN,
    keySource: 'LABEL_STUDIO_API_KEY',
    start: (options: RestServerOptions): Promise<RestServer> => startLabelStudio(options),
    connect: (options: LabelServerOptions): LabelServer => labelStudioServer({ ...options, project: 'Winnow' }),
  },
  Argilla: {
    key: ARGILLA_KEY,
    keySource: 'ARGILLA_API_KEY',
    start: (options: RestServerOptions): Promise<RestServer> => startArgilla(options),
    connect: (options: LabelServerOptions): LabelServer => argillaServer({ ...options, dataset: 'winnow' }),
  },
};

describe.each(Object.entries(tools))('when %s makes trouble', (service, { key, keySource, start, connect }) => {
  const servers: RestServer[] = [];

  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  /** A tool whose first requests meet these faults. */
  async function serve(...faults: readonly RestFault[]): Promise<RestServer> {
    let next = 0;
    const server = await start({ trouble: () => faults[next++] });
    servers.push(server);
    return server;
  }

  function open(url: string, settings: Partial<LabelServerOptions> = {}): LabelServer {
    return connect({ url, apiKey: key, keySource, ...patience(), ...settings });
  }

  async function failureOf(server: LabelServer): Promise<LabelError> {
    const error: unknown = await server.push(labelTasks(1)).then(
      () => expect.fail('It went through.'),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(LabelError);
    const failure = error as LabelError;
    const told = JSON.stringify([failure.message, failure.hint, failure.stack, String(failure.cause), { ...failure }]);
    expect(told).not.toContain(key);
    return failure;
  }

  it('goes on after faults that pass', async () => {
    const server = await serve(
      { fault: 'status', status: 429 },
      { fault: 'drop', when: 'before' },
      { fault: 'drop', when: 'middle' },
      { fault: 'half-json' },
    );
    expect(await open(server.url).push(labelTasks(2))).toMatchObject({ created: 2 });
  });

  it('waits as long as it is asked to, and longer each time by itself', async () => {
    const clock = new VirtualClock().runByItself();
    const server = await serve(
      { fault: 'status', status: 429, headers: { 'retry-after': '7' } },
      { fault: 'status', status: 502 },
      { fault: 'status', status: 503 },
    );
    await open(server.url, { clock }).push(labelTasks(1));
    const [demanded, ...own] = clock.waitsMs;
    expect(demanded).toBe(7_000);
    expect(own).toHaveLength(2);
    expect(own[1]).toBeGreaterThanOrEqual(own[0]!);
  });

  it('does not wait for hours', async () => {
    const server = await serve({ fault: 'status', status: 429, headers: { 'retry-after': '7200' } });
    const { message } = await failureOf(open(server.url));
    expect(message).toContain('It asks to wait 7,200 s.');
    expect(server.requests).toHaveLength(1);
  });

  it('gives up after a few tries and says how to go on', async () => {
    const server = await serve(...Array.from({ length: 9 }, () => ({ fault: 'status', status: 500 }) as const));
    const failure = await failureOf(open(server.url));
    expect(failure.message).toBe(`${service} failed (500): scripted fault. Gave up after 5 tries.`);
    expect(failure.hint).toContain('nothing is created twice');
    expect(server.requests).toHaveLength(5);
  });

  it('gives up on a server that does not answer', async () => {
    const server = await serve({ fault: 'hang' }, { fault: 'hang' });
    const { message } = await failureOf(open(server.url, { timeoutMs: 100, retry: { maxTries: 2 } }));
    expect(message).toBe(`${service} at ${server.url} did not answer within 0.1 s. Gave up after 2 tries.`);
  });

  it('names the address when no server listens there', async () => {
    const server = await startRestServer(
      () => ({ body: {} }),
      () => ({}),
      {},
    );
    await server.close();
    const failure = await failureOf(open(server.url));
    expect(failure.message).toContain(`${service} cannot be reached at ${server.url} (ECONNREFUSED).`);
    expect(failure.hint).toContain(`Is ${service} up`);
  });

  it('names a port that no request can be sent to, and does not try again', async () => {
    const failure = await failureOf(open('http://127.0.0.1:9'));
    expect(failure.message).toBe(`${service} cannot be asked at http://127.0.0.1:9: fetch refuses port 9.`);
    expect(failure.hint).toContain('another address');
  });

  it.each([401, 403])('names the variable of a key that is refused with %d', async (status) => {
    const server = await serve({ fault: 'status', status, message: `no rights for ${key}\u001b[2J` });
    const failure = await failureOf(open(server.url));
    expect(failure.message).toContain(`(${status}): no rights for [key] [2J.`);
    expect(failure.hint).toContain(keySource);
    expect(server.requests).toHaveLength(1);
  });

  it('rejects a wrong key without retrying', async () => {
    const server = await serve();
    const failure = await failureOf(open(server.url, { apiKey: 'wrong-key-0123456789' }));
    expect(failure.message).toMatch(/refused the key \(401\): .+\.$/);
    expect(JSON.stringify([failure.message, failure.hint])).not.toContain('wrong-key');
    expect(server.requests).toHaveLength(1);
  });

  it('shows the message of the server, shortened', async () => {
    const server = await serve({ fault: 'status', status: 400, message: `too ${'much '.repeat(1_000)}` });
    const { message } = await failureOf(open(server.url));
    expect(message).toMatch(/rejected the request \(400\): .*too much much/);
    expect(message.length).toBeLessThan(400);
  });

  it('shows no web page that comes with an error', async () => {
    const server = await serve({ fault: 'status', status: 404, body: '<html><h1>Not here</h1></html>' });
    const { message, hint } = await failureOf(open(server.url));
    expect(message).toMatch(new RegExp(`^${service} at http://\\S+ has nothing at /api/\\S+ \\(404\\)\\.$`));
    expect(hint).toContain('served at');
  });

  it('recognizes a login page', async () => {
    const server = await serve({ fault: 'html' });
    const failure = await failureOf(open(server.url));
    expect(failure.message).toBe(`${service} at ${server.url} answered with a web page instead of JSON.`);
    expect(server.requests).toHaveLength(1);
  });

  it('recognizes JSON of another service', async () => {
    const server = await startRestServer(
      () => ({ body: { hello: 'world' } }),
      () => ({}),
      {},
    );
    servers.push(server);
    expect((await failureOf(open(server.url))).message).toMatch(/answered \/api\/\S+ in an unknown way: \w+: /);
  });

  it('does not send the key to another address', async () => {
    const other = await serve();
    const server = await serve({ fault: 'status', status: 302, headers: { location: `${other.url}/login` }, body: '' });
    const failure = await failureOf(open(server.url));
    expect(failure.message).toContain(`sends requests on to ${other.url}; the key was not sent there.`);
    expect(other.requests).toHaveLength(0);
  });

  it('follows redirects within the address, but not endlessly', async () => {
    const moved = { fault: 'status', status: 301, headers: { location: '/elsewhere' }, body: '' } as const;
    const server = await serve(...Array.from({ length: 20 }, () => moved));
    await failureOf(open(server.url));
    expect(server.requests).toHaveLength(6);
    expect(server.requests[1]!.path).toBe('/elsewhere');
  });

  it.each([
    ['', /There is no API key/],
    ['two\nlines-0123456789', /holds no key/],
    ['schlüssel-0123456789', /holds no key/],
  ])('refuses a key that cannot be one: %j', (apiKey, message) => {
    expect(() => open('http://localhost:1', { apiKey })).toThrow(message);
    expect(() => open('http://localhost:1', { apiKey })).not.toThrow(/0123456789/);
  });

  it('accepts a key that ends with a line break, as in files', async () => {
    const server = await serve();
    expect(await open(`${server.url}/`, { apiKey: `${key}\n` }).push(labelTasks(1))).toMatchObject({ created: 1 });
  });

  it.each(['localhost:8080', 'ftp://x.org', 'http://me:secret@x.org', 'http://x.org/?token=secret', ''])(
    'refuses an address that is none or holds more: %j',
    (url) => {
      expect(() => open(url)).toThrow(LabelError);
      expect(() => open(url)).not.toThrow(/secret/);
    },
  );

  it('leaves secrets out of its address', async () => {
    const server = await serve();
    expect(open(`${server.url}/#frag`).address).toBe(server.url);
  });

  it('rejects with the reason of the signal', async () => {
    const stop = new AbortController();
    const trouble = () => {
      stop.abort(new Error('stopped by hand'));
      return { fault: 'hang' } as const;
    };
    const server = await start({ trouble });
    servers.push(server);
    const pushing = open(server.url).push(labelTasks(1), { signal: stop.signal });
    await expect(pushing).rejects.toThrow('stopped by hand');
    expect(server.requests).toHaveLength(1);
  });
});
