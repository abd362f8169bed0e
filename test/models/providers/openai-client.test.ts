import { afterEach, describe, expect, it } from 'vitest';
import { compatibleProvider } from '../../../src/models/providers/compatible.ts';
import { openAiProvider } from '../../../src/models/providers/openai.ts';
import { openAiClient } from '../../../src/models/providers/openai-client.ts';
import { PROVIDERS } from '../../../src/models/providers/registry.ts';
import { chooseRequest } from '../../../src/testing/choose-request.ts';
import { type ChatAnswerer, chooseLongest } from '../../support/chat-answers.ts';
import { type OpenAiServerOptions, startOpenAiServer } from '../../support/openai-server.ts';
import { type ProviderServer, startProviderServer } from '../../support/provider-server.ts';

describe('openAiClient', () => {
  let server: ProviderServer;

  afterEach(() => server?.close());

  async function serve(options: OpenAiServerOptions, provider: 'openai' | 'compatible' = 'openai') {
    server = await startOpenAiServer(options);
    return openAiClient(PROVIDERS.find(provider), { model: 'some-model', apiKey: 'sk-x', baseUrl: `${server.url}/v1` });
  }

  const bodies = () => server.requests.map(({ body }) => body);
  const formats = () => bodies().map(({ response_format }) => (response_format as { type?: string } | undefined)?.type);

  it('steps down from the schema to some JSON to the prompt alone, and remembers it', async () => {
    const llm = await serve({ refuses: ['json_schema', 'json_object'] });
    await expect(llm.complete(chooseRequest())).resolves.toMatchObject({ stop: 'complete' });
    await llm.complete(chooseRequest());
    expect(formats()).toEqual(['json_schema', 'json_object', undefined, undefined]);
  });

  it('writes the schema into the prompt where it cannot be a parameter', async () => {
    const llm = await serve({ refuses: ['json_schema'] });
    await llm.complete(chooseRequest());
    const systems = bodies().map(({ messages }) => (messages as { content: string }[])[0]!.content);
    expect(systems[0]).toBe('You choose instructions.');
    expect(systems[1]).toContain('You choose instructions.');
    expect(systems[1]).toContain('JSON Schema');
    expect(systems[1]).toContain('"choices"');
  });

  it('leaves the temperature out for models that refuse it', async () => {
    const llm = await serve({ refuses: ['temperature'] });
    await llm.complete(chooseRequest());
    await llm.complete(chooseRequest());
    expect(bodies().map(({ temperature }) => temperature)).toEqual([0, undefined, undefined]);
    expect(formats()).toEqual(['json_schema', 'json_schema', 'json_schema']);
  });

  it.each([
    ['openai', 'max_completion_tokens', 'max_tokens'],
    ['compatible', 'max_tokens', 'max_completion_tokens'],
  ] as const)('names the output limit of %s %s, and where that is refused %s', async (provider, first, second) => {
    const llm = await serve({ refuses: [first] }, provider);
    await llm.complete(chooseRequest());
    expect(bodies().map((body) => [body[first], body[second]])).toEqual([
      [200, undefined],
      [undefined, 200],
    ]);
  });

  it('finds out several refusals at once, from calls side by side too', async () => {
    const llm = await serve({ refuses: ['temperature', 'json_schema', 'max_completion_tokens'] });
    const replies = await Promise.all([1, 2, 3].map(() => llm.complete(chooseRequest())));
    expect(replies.every(({ stop }) => stop === 'complete')).toBe(true);
    const refused = server.requests.length - 3;
    expect(refused).toBeLessThanOrEqual(9);
    await llm.complete(chooseRequest());
    expect(server.requests.length).toBe(refused + 4);
  });

  it.each([
    [400, { object: 'error', message: "'response_format' json_schema is not supported", code: 400 }],
    [422, { detail: [{ loc: ['body', 'response_format'], msg: 'Extra inputs are not permitted' }] }],
    [400, { error: { message: 'Bad request', param: 'response_format' } }],
    [400, { error: 'structured output is not available for this model' }],
  ])('understands a %d in the words of other servers: %j', async (status, errorBody) => {
    server = await startProviderServer(
      async ({ body }) =>
        'response_format' in body
          ? { fault: 'status', status }
          : { body: { choices: [{ finish_reason: 'stop', message: { content: '{"choices":[]}' } }] } },
      () => errorBody,
    );
    const llm = openAiClient(compatibleProvider, { model: 'm', baseUrl: `${server.url}/v1` });
    await expect(llm.complete(chooseRequest())).resolves.toMatchObject({ text: '{"choices":[]}' });
    expect(formats()).toEqual(['json_schema', 'json_object', undefined]);
  });

  describe('asked for log-probabilities', () => {
    const weighing = { ...chooseRequest(), topLogprobs: 10 };
    const asked = () => bodies().map(({ logprobs, top_logprobs }) => [logprobs, top_logprobs]);
    const alternatives = { '4': 0.5, '5': 0.25, '3': 0.125, '2': 0.0625, '1': 0.03125, '6': 0.015625 };
    const tokens = [
      { token: '{"score":', alternatives: { '{"score":': 1 } },
      { token: '4', alternatives },
    ];

    it('asks for them, and hands on each token with its alternatives, the likeliest first', async () => {
      const llm = await serve({ chat: () => ({ text: '{"score":4}', tokens }) });
      const { logprobs } = await llm.complete(weighing);
      expect(asked()).toEqual([[true, 10]]);
      expect(logprobs!.map(({ token }) => token)).toEqual(['{"score":', '4']);
      expect(logprobs![0]!.alternatives).toEqual([{ token: '{"score":', logprob: 0 }]);
      expect(logprobs![1]!.alternatives).toEqual(
        ['4', '5', '3', '2', '1', '6'].map((token, rank) => ({ token, logprob: Math.log(0.5 ** (rank + 1)) })),
      );
    });

    it('neither asks for nor hands on any for other requests', async () => {
      const llm = await serve({ chat: () => ({ text: '{"score":4}', tokens }) });
      await expect(llm.complete(chooseRequest())).resolves.not.toHaveProperty('logprobs');
      expect(asked()).toEqual([[undefined, undefined]]);
    });

    it('puts the token itself among its alternatives where it was an unlikely one', async () => {
      const unlikely = [{ token: '1', alternatives: { '4': 0.9, '5': 0.08 } }];
      const llm = await serve({ chat: () => ({ text: '1', tokens: unlikely }) });
      const { logprobs } = await llm.complete(weighing);
      expect(logprobs).toEqual([
        {
          token: '1',
          alternatives: [
            { token: '1', logprob: -9999 },
            { token: '4', logprob: Math.log(0.9) },
            { token: '5', logprob: Math.log(0.08) },
          ],
        },
      ]);
    });

    it('keeps those of the first 32 tokens only', async () => {
      const long = Array.from({ length: 40 }, (_, at) => ({ token: `${at} `, alternatives: { [`${at} `]: 1 } }));
      const llm = await serve({ chat: () => ({ text: 'long', tokens: long }) });
      const { logprobs } = await llm.complete(weighing);
      expect(logprobs).toHaveLength(32);
      expect(logprobs!.at(-1)!.token).toBe('31 ');
    });

    it('does without where they are refused, and remembers it', async () => {
      const llm = await serve({ refuses: ['logprobs'], chat: () => ({ text: '{"score":4}', tokens }) });
      await expect(llm.complete(weighing)).resolves.not.toHaveProperty('logprobs');
      await llm.complete(weighing);
      expect(asked()).toEqual([
        [true, 10],
        [true, 5],
        [undefined, undefined],
        [undefined, undefined],
      ]);
      expect(formats()).toEqual(['json_schema', 'json_schema', 'json_schema', 'json_schema']);
    });

    const answering = (refuse: (body: Readonly<Record<string, unknown>>) => boolean, status: number, message: string) =>
      serve({
        chat: ({ request }) =>
          refuse(request.body) ? { fault: 'status', status, message } : { text: '{"score":4}', tokens },
      });

    it('asks for five where a server gives no more', async () => {
      const llm = await answering((body) => Number(body.top_logprobs) > 5, 400, 'Cannot request more than 5 logprobs.');
      const { logprobs } = await llm.complete(weighing);
      expect(asked().at(-1)).toEqual([true, 5]);
      expect(logprobs![1]!.alternatives).toHaveLength(5);
    });

    it.each([
      [403, 'You are not allowed to request logprobs from this model.'],
      [400, "'logprobs' is not supported with this model."],
      [422, 'Extra inputs are not permitted: top_logprobs'],
    ])('understands a %d: %s', async (status, message) => {
      const llm = await answering((body) => 'logprobs' in body, status, message);
      await expect(llm.complete(weighing)).resolves.toMatchObject({ text: '{"score":4}' });
    });

    it('takes a 403 that is about something else for what it is', async () => {
      const llm = await answering(() => true, 403, 'You may not use this model.');
      await expect(llm.complete(weighing)).rejects.toMatchObject({ status: 403 });
      expect(server.requests).toHaveLength(1);
    });

    it.each([
      ['none at all', null, undefined],
      ['a list of another form', { tokens: ['4'], token_logprobs: [-0.1] }, undefined],
      ['tokens without alternatives', { content: [{ token: '4' }] }, undefined],
      ['no list', { content: 'no' }, undefined],
      [
        'alternatives that are in part unreadable',
        { content: [{ token: '4', logprob: 'x', top_logprobs: [null, { token: '4' }, { token: '5', logprob: -1 }] }] },
        [{ token: '4', alternatives: [{ token: '5', logprob: -1 }] }],
      ],
      [
        "the token's own alone",
        { content: [{ token: '4', logprob: -0.5, top_logprobs: null }] },
        [{ token: '4', alternatives: [{ token: '4', logprob: -0.5 }] }],
      ],
    ])('reads what other servers give: %s', async (_, logprobs, expected) => {
      server = await startProviderServer(
        async () => ({ body: { choices: [{ finish_reason: 'stop', logprobs, message: { content: '4' } }] } }),
        () => ({}),
      );
      const llm = openAiClient(compatibleProvider, { model: 'm', baseUrl: `${server.url}/v1` });
      const reply = await llm.complete(weighing);
      expect(reply.text).toBe('4');
      expect(reply.logprobs).toEqual(expected);
    });
  });

  it('does not take any 400 for a feature that is missing', async () => {
    const llm = await serve({ chat: () => ({ fault: 'status', status: 400, message: 'max_tokens is too large' }) });
    await expect(llm.complete(chooseRequest())).rejects.toMatchObject({ status: 400 });
    expect(server.requests).toHaveLength(1);
  });

  describe('with servers that leave things out', () => {
    const raw = async (body: unknown) => {
      server = await startProviderServer(
        async () => ({ body }),
        () => ({}),
      );
      return openAiClient(compatibleProvider, { model: 'local', baseUrl: `${server.url}/v1` });
    };

    it('says nothing of a usage that is missing', async () => {
      const missing: ChatAnswerer = (prompt) => ({ ...chooseLongest(prompt), usage: 'missing' });
      const llm = await serve({ chat: missing }, 'compatible');
      const { usage } = await llm.complete(chooseRequest());
      expect(usage).toEqual({});
    });

    it('hands on what is billed besides the answer: thinking, other answers, a schema in the prompt', async () => {
      const answer = (content: string, thinking = {}) => ({ message: { role: 'assistant', content, ...thinking } });
      const llm = await raw({
        choices: [answer('yes', { reasoning_content: 'Hm.', reasoning: 'Hm.', refusal: 'no' }), answer('or no')],
      });
      const { alsoBilled, thinking } = await llm.complete(chooseRequest());
      expect(alsoBilled?.output).toBe('no\nor no');
      expect(thinking).toBe('Hm.');
      expect(alsoBilled?.input).toBeUndefined();
      await server.close();
      const plain = await serve({ refuses: ['response_format'] }, 'compatible');
      expect((await plain.complete(chooseRequest())).alsoBilled?.input).toContain('JSON Schema');
    });

    it.each([
      [
        'thinking in parts',
        [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
          { type: 'text', text: 'Yes.' },
        ],
      ],
      [
        'thinking as a text',
        [
          { type: 'thinking', thinking: 'Hm.', signature: 'x' },
          { type: 'text', text: 'Yes.' },
        ],
      ],
      ['reasoning', [{ type: 'reasoning', text: 'Hm.' }, { type: 'output_text', text: 'Yes.' }, null, { type: 'x' }]],
      ['an answer in pieces', ['<think>Hm.</think>', { type: 'text', text: 'Yes' }, { text: '.' }]],
      ['thinking within the text', '<think>Hm.</think>\n\nYes.'],
    ])('separates the answer from %s', async (_, content) => {
      const llm = await raw({ choices: [{ finish_reason: 'stop', message: { role: 'assistant', content } }] });
      const reply = await llm.complete(chooseRequest());
      expect(reply).toMatchObject({ text: 'Yes.', stop: 'complete' });
      expect(reply.thinking).toContain('Hm.');
    });

    it('takes a refusal among the parts of a content for one', async () => {
      const llm = await raw({ choices: [{ message: { content: [{ type: 'refusal', refusal: 'I will not.' }] } }] });
      await expect(llm.complete(chooseRequest())).resolves.toMatchObject({ text: 'I will not.', stop: 'refusal' });
    });

    it('gives the log-probabilities of the answer, not of the thinking before it', async () => {
      const content = ['<think>', 'Hm', '</think>', '\n', '4'].map((token) => ({
        token,
        logprob: 0,
        top_logprobs: [{ token, logprob: 0 }],
      }));
      const llm = await raw({ choices: [{ message: { content: '<think>Hm</think>\n4' }, logprobs: { content } }] });
      const { text, logprobs } = await llm.complete({ ...chooseRequest(), topLogprobs: 5 });
      expect([text, logprobs?.map(({ token }) => token)]).toEqual(['4', ['4']]);
    });

    it.each([[{}], [{ choices: [] }], [{ choices: null, usage: null }], [{ choices: [{ message: null }] }]])(
      'takes %j for an empty answer',
      async (body) => {
        const llm = await raw(body);
        await expect(llm.complete(chooseRequest())).resolves.toMatchObject({
          stop: 'complete',
          text: '',
          model: 'local',
        });
      },
    );

    it.each([
      [{ message: 'upstream is overloaded', code: 503 }, true],
      [{ message: 'no such user', code: 'x' }, false],
    ])('takes the error %j within a 200 for a failure that may be billed', async (error, retryable) => {
      const llm = await raw({ error });
      await expect(llm.complete(chooseRequest())).rejects.toMatchObject({
        retryable,
        billing: 'unknown',
        message: expect.stringContaining(error.message),
      });
    });
  });

  describe('with error bodies as Google writes them', () => {
    const failureOf = async (status: number, error: Readonly<Record<string, unknown>>) => {
      server = await startOpenAiServer({
        chat: () => ({ fault: 'status', status }),
        errorBody: () => [{ error: { code: status, ...error } }],
      });
      const settings = { model: 'm', apiKey: 'sk-x', baseUrl: `${server.url}/v1` };
      return openAiClient(compatibleProvider, settings).complete(chooseRequest());
    };
    const quota = { message: 'You exceeded your current quota.', status: 'RESOURCE_EXHAUSTED' };

    it('reads the message out of the list', async () => {
      await expect(failureOf(500, { message: 'An internal error has occurred.' })).rejects.toMatchObject({
        message: 'The server failed (500): An internal error has occurred.',
        retryable: true,
      });
    });

    it('waits as long as the body says, and does not take a limit per minute for an empty account', async () => {
      const details = [{ '@type': 'google.rpc.QuotaFailure' }, null, { retryDelay: '34.0741s' }];
      await expect(failureOf(429, { ...quota, details })).rejects.toMatchObject({
        retryable: true,
        retryAfterMs: 34_075,
      });
    });

    it('does not try again where the quota is used and no wait is named', async () => {
      const details = [{ retryDelay: 34 }, { retryDelay: 'soon' }];
      await expect(failureOf(429, { ...quota, details })).rejects.toMatchObject({
        retryable: false,
        retryAfterMs: undefined,
      });
    });

    it('takes a 400 about the key for a refused key', async () => {
      await expect(
        failureOf(400, { message: 'API key not valid. Please pass a valid API key.' }),
      ).rejects.toMatchObject({
        message: expect.stringContaining('refused the API key (400)'),
        hint: 'Check WINNOW_API_KEY.',
      });
    });

    it('describes an empty list by its status', async () => {
      server = await startOpenAiServer({ chat: () => ({ fault: 'status', status: 500 }), errorBody: () => [] });
      const llm = openAiClient(compatibleProvider, { model: 'm', baseUrl: `${server.url}/v1` });
      await expect(llm.complete(chooseRequest())).rejects.toMatchObject({ status: 500, retryable: true });
    });
  });

  it('counts as output what only the total counts, such as thinking', async () => {
    const llm = await serve({ chat: () => ({ text: '{}', usage: { input: 10, output: 3, thinking: 40 } }) });
    await expect(llm.complete(chooseRequest())).resolves.toMatchObject({
      usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 43 },
    });
  });

  it('needs a key for OpenAI and an address for a compatible server', () => {
    expect(() => openAiClient(openAiProvider, { model: 'm' })).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: 'Set OPENAI_API_KEY.' }),
    );
    expect(() => openAiClient(compatibleProvider, { model: 'm' })).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('baseUrl') }),
    );
    expect(() => openAiClient(compatibleProvider, { model: 'm', baseUrl: 'localhost' })).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    );
  });

  it('goes through the fetch it is given', async () => {
    const seen: string[] = [];
    const fetch: typeof globalThis.fetch = (url, init) => {
      seen.push(String(url));
      return globalThis.fetch(url, init);
    };
    server = await startOpenAiServer();
    const baseUrl = `${server.url}/v1`;
    await openAiClient(compatibleProvider, { model: 'm', baseUrl, fetch }).complete(chooseRequest());
    expect(seen).toEqual([`${baseUrl}/chat/completions`]);
  });
});
