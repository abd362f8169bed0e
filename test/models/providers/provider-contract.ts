import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderError } from '../../../src/domain/errors.ts';
import type { LlmClient } from '../../../src/models/providers/llm-client.ts';
import type { ProviderDefinition } from '../../../src/models/providers/provider-definition.ts';
import { choice, chooseRequest } from '../../../src/testing/choose-request.ts';
import { providerContract } from '../../../src/testing/provider-contract.ts';
import type { ProviderWire, WireServer } from '../../../src/testing/provider-wire.ts';
import { type ChatAnswer, type ChatAnswerer, chooseLongest } from '../../support/chat-answers.ts';

const KEY = 'sk-test-1234567890abcdef';

/** What winnow's own clients do beside: what they read and how they word it. */
export function describeProvider(provider: ProviderDefinition, { start, basePath }: ProviderWire): void {
  providerContract(provider, { start, basePath });
  const { name, keyVariable } = provider;
  const open = (url: string, timeoutMs?: number) =>
    provider.open({ model: 'some-model', apiKey: KEY, baseUrl: `${url}${basePath}`, timeoutMs });

  describe(`the ${name} client`, () => {
    let server: WireServer | undefined;

    afterEach(async () => {
      await server?.close();
      server = undefined;
    });

    async function serve(answer: ChatAnswer | ChatAnswerer, timeoutMs?: number): Promise<LlmClient> {
      server = await start(typeof answer === 'function' ? answer : () => answer);
      return open(server.url, timeoutMs);
    }

    async function failureOf(answer: ChatAnswer, timeoutMs?: number): Promise<ProviderError> {
      const error = await (await serve(answer, timeoutMs)).complete(chooseRequest()).then(
        (reply) => expect.fail(`It answered: ${reply.text}`),
        (thrown: ProviderError) => thrown,
      );
      expect(error).toMatchObject({ code: 'PROVIDER', provider: name });
      return error;
    }

    it('returns the text of the answer, the snapshot that gave it and what it used', async () => {
      const llm = await serve((prompt) => ({
        ...chooseLongest(prompt),
        usage: { input: 120, cached: 20, output: 30 },
      }));
      const reply = await llm.complete(chooseRequest());
      expect(choice.parse(JSON.parse(reply.text)).choices.map(({ id }) => id)).toEqual(['id3', 'id1']);
      expect(reply).toMatchObject({
        stop: 'complete',
        model: expect.stringMatching(/-20\d\d/),
        usage: { inputTokens: 120, cachedInputTokens: 20, outputTokens: 30 },
      });
    });

    it('sends one request for an answer, with the schema, the limit and the key', async () => {
      const llm = await serve(chooseLongest);
      await llm.complete(chooseRequest());
      expect(server!.requests).toHaveLength(1);
      const { headers, body } = server!.requests[0]!;
      expect(JSON.stringify(headers)).toContain(KEY);
      const format = provider.dialect?.formats[0];
      expect(JSON.stringify(body)).toContain(`"${format}"`);
      expect(JSON.stringify(body)).toMatch(/additionalProperties\\*":false/);
      expect(body.temperature).toBe(provider.dialect?.temperature ? 0 : undefined);
      expect(Object.entries(body).find(([parameter]) => parameter.startsWith('max_'))?.[1]).toBe(200);
    });

    it('keeps raw text that is not JSON', async () => {
      const llm = await serve({ text: 'Here you are: {"choices": [' });
      await expect(llm.complete(chooseRequest())).resolves.toMatchObject({
        text: 'Here you are: {"choices": [',
        stop: 'complete',
      });
    });

    it('tells an answer that was cut, and one that was refused, from a whole one', async () => {
      const cut = await serve({ text: '{"choices": [', stop: 'length' });
      await expect(cut.complete(chooseRequest())).resolves.toMatchObject({ stop: 'length', text: '{"choices": [' });
      await server!.close();
      const refused = await serve({ text: 'I will not.', stop: 'refusal' });
      const { text, alsoBilled, ...declined } = await refused.complete(chooseRequest());
      expect(declined).toMatchObject({ stop: 'refusal' });
      // Anthropic says so of what its safety systems stop.
      expect(declined.isFiltered ? alsoBilled?.output : text).toBe('I will not.');
      await server!.close();
      const filtered = await serve({ text: 'So far', stop: 'content-filter' });
      await expect(filtered.complete(chooseRequest())).resolves.toMatchObject({
        stop: 'refusal',
        text: expect.stringContaining('by its content filter'),
        isFiltered: true,
        alsoBilled: { output: 'So far' },
      });
    });

    it('shows no key in the name of the model that answered', async () => {
      await serve({ text: '{}' });
      const model = 'some-model sk-another-key-123\n of it';
      const llm = await provider.open({ model, apiKey: KEY, baseUrl: `${server!.url}${basePath}` });
      expect((await llm.complete(chooseRequest())).model).toContain('some-model [key] of it');
    });

    it('takes an empty answer for no refusal', async () => {
      await expect((await serve({ text: ' ' })).complete(chooseRequest())).resolves.toMatchObject({ stop: 'complete' });
    });

    it.each([
      [429, true],
      [408, true],
      [409, true],
      [500, true],
      [502, true],
      [503, true],
      [529, true],
      [501, false],
      [400, false],
      [403, false],
      [413, false],
      [422, false],
    ])('a %d may be tried again: %s', async (status, retryable) => {
      const error = await failureOf({ fault: 'status', status, message: 'because of reasons' });
      expect(error).toMatchObject({ status, retryable, billing: [408, 502].includes(status) ? 'unknown' : 'none' });
      expect(error.message).toContain(`(${status}): because of reasons.`);
      expect(server!.requests).toHaveLength(1);
    });

    it.each([
      ['<think>\nShorter first?\n</think>\n\n{"choices": []}', '{"choices": []}'],
      ['Shorter first?</think>{"choices": []}', '{"choices": []}'],
    ])('separates thinking from the answer in %j', async (text, answer) => {
      const reply = await (await serve({ text })).complete(chooseRequest());
      expect(reply).toMatchObject({ text: answer, stop: 'complete' });
      expect(reply.thinking).toContain('Shorter first?');
    });

    it('takes thinking that was cut off for no answer', async () => {
      const reply = await (await serve({ text: '<think>Let me see', stop: 'length' })).complete(chooseRequest());
      expect(reply).toMatchObject({ text: '', stop: 'length', thinking: expect.stringContaining('Let me see') });
    });

    it('counts a gateway that timed out as billed, since it may be', async () => {
      expect(await failureOf({ fault: 'status', status: 504 })).toMatchObject({ retryable: true, billing: 'unknown' });
    });

    it('says where the key comes from when it is refused', async () => {
      const error = await failureOf({ fault: 'status', status: 401, message: 'bad key' });
      expect(error).toMatchObject({ retryable: false, billing: 'none', hint: `Check ${keyVariable}.` });
      expect(error.message).toMatch(/refused the API key \(401\)/);
    });

    it('names model and address when there is no such model', async () => {
      const error = await failureOf({ fault: 'status', status: 404, message: 'not found' });
      expect(error.message).toMatch(/knows no model "some-model" at http:\/\/127/);
      expect(error.hint).toBe('Check model and baseUrl.');
    });

    it('never tells the key, even if the server quotes it', async () => {
      const error = await failureOf({
        fault: 'status',
        status: 401,
        message: `Incorrect API key provided: ${KEY} (sk-tes*****cdef).`,
        headers: { 'x-echo': KEY },
      });
      const told = JSON.stringify([error.message, error.hint, error.stack, error.cause ?? null, { ...error }]);
      expect(told).toContain('[key]');
      expect(told).not.toContain(KEY);
      expect(told).not.toContain('cdef');
    });

    it('hands on how long to wait', async () => {
      const waits = { 'retry-after-ms': '1500', 'retry-after': '9' };
      expect((await failureOf({ fault: 'status', status: 429, headers: waits })).retryAfterMs).toBe(1_500);
      await server!.close();
      expect((await failureOf({ fault: 'status', status: 503, headers: { 'retry-after': '2' } })).retryAfterMs).toBe(
        2_000,
      );
      await server!.close();
      const reset = { 'x-ratelimit-reset-requests': '1m5s' };
      expect((await failureOf({ fault: 'status', status: 429, headers: reset })).retryAfterMs).toBe(65_000);
    });

    it('hands on what the headers say of rate limits, of answers and of refusals', async () => {
      const headers = {
        'x-ratelimit-limit-requests': '300',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1m5s',
      };
      const limits = { requests: { limit: 300, remaining: 0, resetMs: 65_000 } };
      const llm = await serve((prompt) => ({ ...chooseLongest(prompt), headers }));
      expect((await llm.complete(chooseRequest())).limits).toEqual(limits);
      await server!.close();
      expect((await failureOf({ fault: 'status', status: 429, headers })).limits).toEqual(limits);
    });

    it('does not try again when the account has no credit', async () => {
      const error = await failureOf({ fault: 'status', status: 429, message: 'You exceeded your current quota.' });
      expect(error).toMatchObject({ retryable: false, hint: expect.stringContaining('credit') });
    });

    it('says how to make a prompt shorter that is too long', async () => {
      const error = await failureOf({
        fault: 'status',
        status: 400,
        message: 'prompt is too long: 9 tokens > 8 maximum',
      });
      expect(error.hint).toContain('itemsPerQuery');
    });

    it('describes an error that is a page of HTML without quoting it', async () => {
      const error = await failureOf({ fault: 'status', status: 502, body: '<html><h1>Bad Gateway</h1></html>' });
      expect(error).toMatchObject({ retryable: true, billing: 'unknown' });
      expect(error.message).toMatch(/failed \(502\)\.$/);
    });

    it('ends a request that gets no answer, and says after how long', async () => {
      const error = await failureOf({ fault: 'hang' }, 100);
      expect(error).toMatchObject({ retryable: true, billing: 'unknown' });
      expect(error.message).toMatch(/did not answer within 0\.1 s/);
      expect(error.cause).toMatchObject({ name: 'TimeoutError' });
    });

    it.each([{ fault: 'drop', when: 'before' }, { fault: 'drop', when: 'middle' }, { fault: 'half-json' }] as const)(
      'may be billed for an answer that is cut on the way: $fault $when',
      async (fault) => {
        const error = await failureOf(fault);
        expect(error).toMatchObject({ retryable: true, billing: 'unknown', status: undefined });
        expect(error.message).toContain('was lost before its answer was complete');
      },
    );

    it('may be billed for an answer that is not of the API, and does not ask again', async () => {
      const error = await failureOf({ fault: 'html' });
      expect(error).toMatchObject({ retryable: false, billing: 'unknown', hint: expect.stringContaining('base URL') });
    });

    it('is not billed where no server listens, and asks whether the server is up', async () => {
      const llm = await serve({ text: '' });
      const { url } = server!;
      await server!.close();
      server = undefined;
      await expect(llm.complete(chooseRequest())).rejects.toMatchObject({
        code: 'PROVIDER',
        retryable: true,
        billing: 'none',
        message: expect.stringContaining('ECONNREFUSED'),
        hint: expect.stringContaining(`Is the server up at ${url}`),
      });
    });

    it.each([
      ['http://127.0.0.1:9', 'fetch refuses port 9'],
      ['ftp://127.0.0.1', 'the address must start with http:// or https://'],
    ])('does not ask again, and is not billed, where no request can be sent to %s', async (url, why) => {
      await expect((await open(url)).complete(chooseRequest())).rejects.toMatchObject({
        code: 'PROVIDER',
        retryable: false,
        billing: 'none',
        message: expect.stringContaining(`cannot be asked at ${url}${basePath}: ${why}.`),
        hint: 'Set baseUrl to another address of the server.',
      });
    });

    it('needs what the definition requires', async () => {
      const settings = { model: 'some-model', apiKey: KEY, baseUrl: 'http://127.0.0.1:1' };
      for (const setting of provider.required) {
        if (setting === 'baseUrl') expect(provider.defaultBaseUrl).toBeUndefined();
        await expect(provider.open({ ...settings, [setting]: undefined })).rejects.toMatchObject({
          code: 'USAGE',
          ...(setting === 'apiKey' ? { hint: `Set ${keyVariable}.` } : { data: { option: expect.any(String) } }),
        });
      }
    });
  });
}
