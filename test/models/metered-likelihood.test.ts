import { afterEach, describe, expect, it } from 'vitest';
import type { LikelihoodModel } from '../../src/models/likelihood-model.ts';
import { type AskerOptions, askerOf } from '../selection/measures/measure-lab.ts';
import { type CompletionAnswerer, type WeighedPrompt, weighByLength } from '../support/completion-answers.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { Fault, ProviderServer } from '../support/provider-server.ts';

const SUBJECT = { subject: 'it-1', generation: 0 };

describe('how likely a text is', () => {
  let server: ProviderServer;
  afterEach(() => server.close());

  async function serve(complete: CompletionAnswerer = weighByLength, options: AskerOptions = {}) {
    server = await startOpenAiServer({ complete });
    const ledger = options.ledger ?? new MemoryLedger(options.caps);
    return { ledger, model: open({ ...options, ledger }) };
  }
  const open = (options: AskerOptions): LikelihoodModel => askerOf(server, options).likelihoods!;
  const inTurn = (...answers: (WeighedPrompt | Fault)[]): CompletionAnswerer => {
    let next = 0;
    return () => answers[Math.min(next++, answers.length - 1)]!;
  };

  it('is the mean log-probability of its tokens but the first, for which the prompt is echoed', async () => {
    const { model } = await serve();
    await expect(model.likelihood('Name a river twice.', SUBJECT)).resolves.toEqual({
      meanLogprob: -(1 + 5 + 6) / 2 / 3,
      tokens: 3,
      model: 'm-served',
      // The server counts the prompt as four tokens, of which there are five.
      costMicroUsd: 5 + 2,
    });
    expect(server.requests[0]).toMatchObject({
      path: '/v1/completions',
      body: { model: 'm', prompt: 'Name a river twice.', echo: true, logprobs: 1, max_tokens: 1, temperature: 0 },
    });
    expect(model.name).toBe(`compatible m at ${server.url}/v1, the first 2,048 tokens`);
    expect(model.shortName).toBe('compatible m');
  });

  it.each<[string, WeighedPrompt]>([
    ['the generated token is left out', { prompt: [null, -2, -4], generated: [] }],
    ['the usage is missing', { prompt: [null, -2, -4], generated: [-9], usageMissing: true }],
    ['a number is given for the first', { prompt: [0, -2, -4], generated: [-9] }],
    ['the mark of the beginning is not billed', { prompt: [null, -2, -4], usage: { prompt: 2, completion: 1 } }],
    ['nothing is generated', { prompt: [null, -2, -4], generated: [], usage: { prompt: 3, completion: 0 } }],
    ['rounding puts a token above certainty', { prompt: [null, 0.0001, -6] }],
  ])('reads servers however they count: %s', async (_, answer) => {
    const { model } = await serve(() => answer);
    await expect(model.likelihood('a b c', SUBJECT)).resolves.toMatchObject({ meanLogprob: -3, tokens: 2 });
  });

  // Two units of a JavaScript text, one character to servers.
  const emoji = 'a 😀';
  it.each<[string, string, WeighedPrompt]>([
    [
      'the mark of the beginning is billed but not weighed, by its tokens',
      'a b c',
      { prompt: [null, -2, -4], usage: { prompt: 4, completion: 1 }, tokens: ['a', ' b', ' c', ' d'] },
    ],
    [
      'the same, by where they begin',
      'a b c',
      { prompt: [null, -2, -4], usage: { prompt: 4, completion: 1 }, offsets: [0, 1, 3, 5] },
    ],
    [
      'the same, where the generated token is left out',
      'a b c',
      { prompt: [null, -2, -4], generated: [], usage: { prompt: 4, completion: 1 }, tokens: ['a', ' b', ' c'] },
    ],
    [
      'a space is put before the first word',
      'a b c',
      { prompt: [null, -2, -4], usage: { prompt: 4, completion: 1 }, tokens: [' a', ' b', ' c', ' d'] },
    ],
    [
      'the mark is weighed, and its length counts in where the others begin',
      'ab',
      { prompt: [null, -2, -4], usage: { prompt: 3, completion: 1 }, tokens: ['<s>', 'a', 'b', '!'] },
    ],
    [
      'a character is cut into tokens, and they begin where it does',
      emoji,
      {
        prompt: [null, -2, -4],
        usage: { prompt: 4, completion: 1 },
        tokens: ['a', ' \ufffd', '\ufffd', '!'],
        offsets: [0, 1, 2, 3],
      },
    ],
    [
      'the same behind a mark',
      emoji,
      {
        prompt: [null, -1, -3, -5],
        usage: { prompt: 5, completion: 1 },
        tokens: ['<s>', 'a', ' \ufffd', '\ufffd', '!'],
        offsets: [0, 3, 4, 5, 6],
      },
    ],
    [
      'they begin in units of its own, so that only the usage tells',
      emoji,
      { prompt: [null, -2, -4], tokens: ['a', ' \ufffd', '\ufffd', '!'], offsets: [0, 1, 4, 6] },
    ],
  ])('never takes in what was generated: %s', async (_, text, answer) => {
    const { model } = await serve(() => ({ generated: [-9], ...answer }));
    await expect(model.likelihood(text, SUBJECT)).resolves.toMatchObject({
      meanLogprob: -3,
      tokens: answer.prompt.length - 1,
    });
  });

  it('is paid for once, also by the next run', async () => {
    const { model, ledger } = await serve();
    const first = await model.likelihood('Name a river.', SUBJECT);
    expect(model.estimate('Name a river.').calls).toEqual({ expected: 0, worstCase: 0 });
    expect(model.estimate('Name a lake.').calls).toEqual({ expected: 1, worstCase: 1 });
    await expect(open({ ledger }).likelihood('Name a river.', SUBJECT)).resolves.toEqual(first);
    expect(server.requests).toHaveLength(1);
    expect(JSON.parse(ledger.findReply(ledger.attempts[0]!.call.requestHash)!.text)).toEqual({
      tokens: 2,
      meanLogprob: -1.75,
    });
  });

  it('reserves at least what it can cost, and stays under the cap', async () => {
    const text = 'Describe the water cycle to a child of seven, please.';
    const { model, ledger } = await serve();
    const { costMicroUsd, tokens } = model.estimate(text);
    await model.likelihood(text, SUBJECT);
    // A micro-dollar a token, two for the one that is generated.
    const { call, reply } = ledger.attempts[0]!;
    expect(call).toMatchObject({ kind: 'likelihood', subject: 'it-1', worstCaseTokens: tokens.worstCase });
    expect(call.worstCaseMicroUsd).toBe(costMicroUsd.worstCase);
    expect(costMicroUsd.worstCase).toBe(tokens.worstCase + 1);
    expect(reply!.costMicroUsd).toBeLessThanOrEqual(costMicroUsd.worstCase);
    expect(costMicroUsd.expected).toBeLessThan(costMicroUsd.worstCase);
    await expect(open({ caps: { maxMicroUsd: 5 } }).likelihood(text, SUBJECT)).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('counts the worst case where the server does not say what it used', async () => {
    const { model } = await serve(() => ({ prompt: [null, -1], usageMissing: true }));
    const { costMicroUsd } = await model.likelihood('a b', SUBJECT);
    expect(costMicroUsd).toBe(model.estimate('c d').costMicroUsd.worstCase);
  });

  it('reads no more than the first 2,048 tokens, or what the context holds by the longest count', async () => {
    const { model, ledger } = await serve();
    await model.likelihood('word '.repeat(5_000), SUBJECT);
    const small = open({ ledger, contextTokens: 301 });
    await small.likelihood('word '.repeat(5_000), SUBJECT);
    const words = server.requests.map(({ body }) => String(body.prompt).split(/\s+/).filter(Boolean).length);
    expect(words[0]).toBeGreaterThan(2_000);
    expect(words[0]).toBeLessThanOrEqual(2_048);
    expect(words[1]).toBeGreaterThan(180);
    expect(words[1]).toBeLessThanOrEqual(200);
    expect(small.name).toContain('the first 200 tokens');
  });

  it('sends half a character as the replacement character', async () => {
    const { model } = await serve();
    await model.likelihood('cut here \ud83d', SUBJECT);
    expect(server.requests[0]!.body.prompt).toBe('cut here \ufffd');
  });

  it('is not to be had of a single token, however often it is asked for, nor of nothing', async () => {
    const { model } = await serve();
    for (const generation of [0, 3]) {
      await expect(model.likelihood('Why?', { ...SUBJECT, generation })).rejects.toMatchObject({
        code: 'REPLY_UNUSABLE',
        message: expect.stringContaining('single token'),
        // Two tokens by our count, and the one that is generated.
        costMicroUsd: 2 + 2,
      });
    }
    expect(model.estimate('Why?', { generation: 4 }).calls.worstCase).toBe(0);
    await expect(model.likelihood('', SUBJECT)).rejects.toMatchObject({ code: 'REPLY_UNUSABLE' });
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, WeighedPrompt]>([
    ['a hole', { prompt: [null, -1, null] }],
    ['more than certainty', { prompt: [null, -1, 2] }],
  ])('is asked for again only if told to, where the reply has %s, and both are paid for', async (_, bad) => {
    const { model } = await serve(inTurn(bad, { prompt: [null, -1, -2] }));
    for (let time = 0; time < 2; time += 1) {
      await expect(model.likelihood('a b c', SUBJECT)).rejects.toMatchObject({
        code: 'REPLY_UNUSABLE',
        message: expect.stringContaining('make no sense'),
      });
    }
    expect(server.requests).toHaveLength(1);
    expect(model.estimate('a b c').calls.worstCase).toBe(0);
    expect(model.estimate('a b c', { generation: 1 }).calls).toEqual({ expected: 1, worstCase: 1 });
    expect(model.estimate('a b c', { generation: 2 }).calls).toEqual({ expected: 1, worstCase: 2 });
    const again = await model.likelihood('a b c', { ...SUBJECT, generation: 1 });
    expect(model.estimate('a b c', { generation: 2 }).calls.worstCase).toBe(0);
    expect(again).toMatchObject({ meanLogprob: -1.5, costMicroUsd: 2 * (3 + 2) });
    expect(await model.likelihood('a b c', { ...SUBJECT, generation: 2 })).toEqual(again);
    expect(server.requests).toHaveLength(2);
  });

  it.each<[string, WeighedPrompt]>([
    ['only what it generated', { prompt: [], generated: [-0.5], usage: { prompt: 3, completion: 1 } }],
    ['only what it generated, and no usage', { prompt: [], generated: [-0.5], usageMissing: true }],
    ['nothing', { prompt: [], generated: [], usage: { prompt: 3, completion: 1 } }],
    [
      'only what it generated, and says so',
      { prompt: [], generated: [-0.5], usage: { prompt: 3, completion: 1 }, tokens: [' d'], offsets: [5] },
    ],
    [
      'only what it generated, and counts from there',
      { prompt: [], generated: [-0.5], usage: { prompt: 3, completion: 1 }, tokens: [' d'], offsets: [0] },
    ],
  ])('ends the run, with advice, where a server weighs %s', async (_, answer) => {
    const { model, ledger } = await serve(() => answer);
    await expect(model.likelihood('a b c', SUBJECT)).rejects.toMatchObject({
      code: 'PROVIDER',
      retryable: false,
      message: expect.stringContaining('without the log-probabilities of the prompt'),
      hint: expect.stringContaining('vLLM'),
    });
    // It was worked on, and may be billed.
    expect(ledger.states).toMatchObject({ settled: 0, lost: 1 });
  });

  it.each<[Fault]>([
    [{ fault: 'status', status: 400, message: 'Only no echo is supported' }],
    [{ fault: 'status', status: 404, message: 'no such route' }],
    [{ fault: 'status', status: 501, message: 'not implemented' }],
  ])('says what it takes where the server turns the request down: %o', async (fault) => {
    const { model } = await serve(() => fault);
    const failure = (await model.likelihood('a b c', SUBJECT).catch((error: unknown) => error)) as Error;
    expect(failure).toMatchObject({ code: 'PROVIDER', hint: expect.stringContaining('echo') });
  });

  it('keeps other advice where the model is not known', async () => {
    const { model } = await serve(() => ({
      fault: 'status',
      status: 404,
      message: 'The model `m` does not exist.',
    }));
    await expect(model.likelihood('a b c', SUBJECT)).rejects.toMatchObject({ hint: 'Check model and baseUrl.' });
  });

  it('says how to have texts cut where they are too long for the model', async () => {
    const { model } = await serve(() => ({
      fault: 'status',
      status: 400,
      message: "This model's maximum context length is 512 tokens.",
    }));
    await expect(model.likelihood('a b c', SUBJECT)).rejects.toMatchObject({
      hint: expect.stringContaining('contextTokens'),
    });
  });

  it.each<[string, Fault]>([
    ['fails', { fault: 'status', status: 500 }],
    ['limits the rate', { fault: 'status', status: 429, headers: { 'retry-after': '1' } }],
    ['drops the connection', { fault: 'drop', when: 'middle' }],
    ['cuts its answer', { fault: 'half-json' }],
  ])('tries again where the server %s', async (_, fault) => {
    const { model } = await serve(inTurn(fault, { prompt: [null, -1, -2] }));
    await expect(model.likelihood('a b c', SUBJECT)).resolves.toMatchObject({ meanLogprob: -1.5 });
    expect(server.requests).toHaveLength(2);
  });

  it('is told by compatible servers only', async () => {
    await serve();
    expect(askerOf(server, { provider: 'openai' }).likelihoods).toBeUndefined();
    expect(askerOf(server, { provider: 'anthropic' }).likelihoods).toBeUndefined();
  });
});
