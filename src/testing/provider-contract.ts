import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderError } from '../domain/errors.ts';
import type { LlmClient } from '../models/providers/llm-client.ts';
import type { ProviderDefinition } from '../models/providers/provider-definition.ts';
import { chooseRequest } from './choose-request.ts';
import type { ChatAnswer, ChatAnswerer, ProviderWire, WireServer } from './provider-wire.ts';

const KEY = 'sk-test-1234567890abcdef';
const CHOICE = '{"choices": [{"id": "id3", "reason": "long"}, {"id": "id1", "reason": "clear"}]}';

/**
 * The tests that every provider must pass that is asked over HTTP, as a vitest suite: what its clients make of answers
 * and of failures. Money depends on it: a request that may be billed must not count as free, and one that cannot work
 * must not be tried again.
 * @param wire a server of your own that speaks the provider's interface, faults included
 */
export function providerContract(provider: ProviderDefinition, { start, basePath }: ProviderWire): void {
  const { name } = provider;
  const open = (url: string) => provider.open({ model: 'some-model', apiKey: KEY, baseUrl: `${url}${basePath}` });

  describe(`the provider ${name}, as every provider`, () => {
    let server: WireServer | undefined;

    afterEach(async () => {
      await server?.close();
      server = undefined;
    });

    async function serve(answer: ChatAnswer | ChatAnswerer): Promise<LlmClient> {
      server = await start(typeof answer === 'function' ? answer : () => answer);
      return open(server.url);
    }

    async function failureOf(answer: ChatAnswer): Promise<ProviderError> {
      const error = await (await serve(answer)).complete(chooseRequest()).then(
        (reply) => expect.fail(`It answered: ${reply.text}`),
        (thrown: ProviderError) => thrown,
      );
      expect(error).toMatchObject({ code: 'PROVIDER', provider: name });
      return error;
    }

    it('describes itself', () => {
      expect(provider.summary).toMatch(/\S/);
      expect(provider.tasks).not.toEqual([]);
      expect(provider.contextTokens).toBeGreaterThan(0);
      if (provider.source !== undefined) expect(URL.canParse(provider.source)).toBe(true);
    });

    it('sends one request for an answer, with the prompt, the limit and the key', async () => {
      const request = chooseRequest();
      const reply = await (await serve({ text: CHOICE, usage: { input: 120, output: 30 } })).complete(request);
      expect(reply).toMatchObject({ text: CHOICE, stop: 'complete', usage: { inputTokens: 120, outputTokens: 30 } });
      expect(reply.model).toMatch(/\S/);
      expect(server!.requests).toHaveLength(1);
      const { headers, body } = server!.requests[0]!;
      const sent = JSON.stringify(body);
      for (const part of [request.system, 'Explain monads']) expect(sent).toContain(part);
      expect(Object.values(body)).toContain(request.maxOutputTokens);
      if (provider.keyVariable !== undefined) expect(JSON.stringify(headers)).toContain(KEY);
    });

    it('keeps the text of an answer as it is', async () => {
      const text = 'Here you are: {"choices": [';
      await expect((await serve({ text })).complete(chooseRequest())).resolves.toMatchObject({ text });
    });

    it('says that an answer was cut', async () => {
      const llm = await serve({ text: '{"choices": [', stop: 'length' });
      await expect(llm.complete(chooseRequest())).resolves.toMatchObject({ stop: 'length' });
    });

    it.each([429, 500, 503])('may be tried again, unbilled, after a %d', async (status) => {
      expect(await failureOf({ fault: 'status', status })).toMatchObject({ status, retryable: true, billing: 'none' });
      expect(server!.requests).toHaveLength(1);
    });

    it.each([400, 401, 403, 404, 422])('is not tried again after a %d', async (status) => {
      expect(await failureOf({ fault: 'status', status, message: 'a reason' })).toMatchObject({
        ...{ status, retryable: false, billing: 'none' },
      });
    });

    it.each([{ fault: 'drop', when: 'before' }, { fault: 'drop', when: 'middle' }, { fault: 'half-json' }] as const)(
      'may be billed for an answer that is cut on the way: $fault $when',
      async (fault) => {
        expect(await failureOf(fault)).toMatchObject({ retryable: true, billing: 'unknown' });
      },
    );

    it('may be billed for an answer that it cannot read, and does not ask again', async () => {
      expect(await failureOf({ fault: 'html' })).toMatchObject({ retryable: false, billing: 'unknown' });
    });

    it('is not billed where no server listens', async () => {
      const llm = await serve({ text: '' });
      await server!.close();
      server = undefined;
      await expect(llm.complete(chooseRequest())).rejects.toMatchObject({
        ...{ code: 'PROVIDER', retryable: true, billing: 'none' },
      });
    });

    it('never tells the key, even if the server quotes it', async () => {
      const error = await failureOf({ fault: 'status', status: 401, message: `Incorrect API key: ${KEY}` });
      expect(JSON.stringify([error.message, error.hint, error.stack, error.cause ?? null, { ...error }])).not.toContain(
        KEY,
      );
    });

    it('rejects with the reason of the signal, before a request and during one', async () => {
      const reason = new Error('Ctrl-C');
      const llm = await serve({ fault: 'hang' });
      await expect(llm.complete(chooseRequest(), AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(server!.requests).toHaveLength(0);
      const controller = new AbortController();
      const call = llm.complete(chooseRequest(), controller.signal);
      call.catch(() => {});
      await expect.poll(() => server!.requests.length).toBe(1);
      controller.abort(reason);
      await expect(call).rejects.toBe(reason);
    });

    it('has an endpoint without secrets', async () => {
      const llm = await open('http://user:secret@127.0.0.1:1');
      expect(llm.endpoint).toBe(`http://127.0.0.1:1${basePath}`);
      expect(llm.provider).toBe(name);
    });

    it('reads texts only where the definition says so', async () => {
      expect((await open('http://127.0.0.1:1')).weighText !== undefined).toBe(provider.weighsText);
    });

    it('needs what the definition requires', async () => {
      const settings = { model: 'some-model', apiKey: KEY, baseUrl: 'http://127.0.0.1:1' };
      for (const setting of provider.required) {
        await expect(async () => provider.open({ ...settings, [setting]: undefined })).rejects.toMatchObject({
          code: 'USAGE',
        });
      }
    });
  });
}
