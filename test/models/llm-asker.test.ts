import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ReplyError } from '../../src/domain/errors.ts';
import type { BudgetCaps } from '../../src/domain/ledger.ts';
import { seededRandom } from '../../src/math/random.ts';
import type { Question } from '../../src/models/asker.ts';
import { answerOf, costOfAnswer } from '../../src/models/generations.ts';
import { LlmAsker, REPAIR_PROMPT } from '../../src/models/llm-asker.ts';
import { MeteredCaller } from '../../src/models/metering/metered-caller.ts';
import { countTokens } from '../../src/models/metering/token-count.ts';
import { loadPrompt } from '../../src/models/prompt-template.ts';
import { openAiClient } from '../../src/models/providers/openai-client.ts';
import { PROVIDERS } from '../../src/models/providers/registry.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { SqliteLedger } from '../../src/store/sqlite-ledger.ts';
import { type ChatAnswer, script } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const folder = temporaryFolder();
const PRICE = { input: 1_000_000, cachedInput: 500_000, output: 2_000_000 };
const USAGE = { input: 100, cached: 40, output: 10 };
const COST = 60 + 20 + 20;

const GOOD: ChatAnswer = { text: '{"answer": 42}', usage: USAGE };
const BAD: ChatAnswer = { text: 'Forty-two, I think.', usage: USAGE };

const answerSchema = z.object({ answer: z.number() });

function question(changes: Partial<Question<number>['request']> = {}, generation = 0): Question<number> {
  return {
    kind: 'choose',
    subject: 'query 1',
    generation,
    request: {
      system: 'You know everything.',
      messages: [{ role: 'user', content: 'What is the answer?' }],
      schema: { name: 'answer', definition: answerSchema },
      maxOutputTokens: 200,
      temperature: 0,
      task: { kind: 'choose', candidates: [], count: 0 },
      ...changes,
    },
    parse: (text) => {
      try {
        return answerSchema.parse(JSON.parse(text)).answer;
      } catch {
        throw new ReplyError('it is no number in JSON.');
      }
    },
  };
}

describe('LlmAsker', () => {
  let server: ProviderServer;
  let clock: VirtualClock;

  beforeEach(() => {
    clock = new VirtualClock().runByItself();
  });
  afterEach(() => server.close());

  const serve = async (...answers: ChatAnswer[]) => {
    server = await startOpenAiServer({ chat: script(...answers) });
  };

  /** An asker as a process has it: its own connection to the ledger's file. */
  function openAsker(
    path = ':memory:',
    options: {
      provider?: 'openai' | 'compatible';
      model?: string;
      caps?: BudgetCaps;
      promptFolder?: string;
      reasoningTokens?: number;
      signal?: AbortSignal;
    } = {},
  ) {
    const { provider = 'openai', model = 'gpt-4o-mini', caps, promptFolder, ...others } = options;
    const repairPrompt = loadPrompt(REPAIR_PROMPT.id, REPAIR_PROMPT.variables, promptFolder);
    const database = openDatabase(path);
    const ledger = new SqliteLedger(database, { clock, ...(caps ? { caps } : {}) });
    const caller = new MeteredCaller({ ledger, clock, random: seededRandom(1), maxConcurrency: 4 });
    const client = openAiClient(PROVIDERS.find(provider), {
      model,
      apiKey: 'sk-x',
      baseUrl: `${server.url}/v1`,
    });
    const limits = { contextTokens: 128_000, reasoningTokens: 0 };
    const asker = new LlmAsker({ client, ledger, caller, price: PRICE, repairPrompt, ...limits, ...others });
    return { asker, ledger, database };
  }

  type Message = { readonly role: string; readonly content: string };
  const conversation = (request: number) => server.requests[request - 1]!.body.messages as readonly Message[];

  it('gives the answer, who gave it and what it cost', async () => {
    await serve(GOOD);
    const { asker, ledger } = openAsker();
    await expect(asker.ask(question())).resolves.toEqual({
      value: 42,
      model: 'gpt-4o-mini-2024-07-18',
      costMicroUsd: COST,
    });
    expect(ledger.spending()).toMatchObject({
      settledCalls: 1,
      settledMicroUsd: COST,
      inputTokens: 100,
      cachedInputTokens: 40,
      reservedCalls: 0,
      unsettledTokens: 0,
    });
  });

  it('uses a stored reply again, which costs nothing', async () => {
    await serve(GOOD, BAD);
    const { asker, ledger } = openAsker();
    const first = await asker.ask(question());
    const spent = ledger.spending();
    await expect(asker.ask({ ...question(), subject: 'query 1, once more' })).resolves.toEqual(first);
    expect(server.requests).toHaveLength(1);
    expect(ledger.spending()).toEqual(spent);
  });

  it('never asks again what a content filter refused, and counts it as read', async () => {
    const path = folder.file('filtered.db');
    const message = "The prompt triggered Azure OpenAI's content management policy.";
    await serve({ fault: 'status', status: 400, message }, GOOD);
    const refused = {
      name: 'FilteredError',
      message: `OpenAI refused a text by its content filter (400): ${message}`,
      hint: expect.stringMatching(/exclude.*another model/),
      costMicroUsd: expect.any(Number),
    };
    const first = openAsker(path);
    await expect(first.asker.ask(question())).rejects.toMatchObject(refused);
    first.database.close();
    const { asker, ledger } = openAsker(path);
    await expect(asker.ask(question())).rejects.toMatchObject(refused);
    await expect(answerOf(asker, question(), 2)).rejects.toMatchObject(refused);
    expect(asker.recall(question())).toMatchObject({ state: 'failed', error: refused });
    expect(costOfAnswer(asker, question(), 2, 10).calls).toEqual({ expected: 0, worstCase: 0 });
    expect(server.requests).toHaveLength(1);
    // Azure bills prompts that its filter refuses.
    const { settledMicroUsd, lostCalls, reservedCalls, outputTokens } = ledger.spending();
    expect(settledMicroUsd).toBeGreaterThan(0);
    expect({ lostCalls, reservedCalls, outputTokens }).toEqual({ lostCalls: 0, reservedCalls: 0, outputTokens: 0 });
    await expect(asker.ask(question({ messages: [{ role: 'user', content: 'Another.' }] }))).resolves.toBeDefined();
  });

  it('asks for no repair of an answer that a content filter broke off, and counts what came of it', async () => {
    const path = folder.file('broken-off.db');
    await serve({ text: 'So far, so good. '.repeat(40), stop: 'content-filter', usage: 'missing' }, GOOD);
    const refused = { name: 'FilteredError', message: 'OpenAI broke the answer off by its content filter.' };
    const first = openAsker(path);
    await expect(first.asker.ask(question())).rejects.toMatchObject(refused);
    expect(first.ledger.spending().outputTokens).toBeGreaterThan(150);
    first.database.close();
    const { asker } = openAsker(path);
    await expect(asker.ask(question())).rejects.toMatchObject(refused);
    expect(asker.recall(question())).toMatchObject({ state: 'failed', error: refused });
    expect(server.requests).toHaveLength(1);
  });

  it('counts all the thinking that may be billed where a content filter broke an answer off', async () => {
    await serve({ text: '', stop: 'content-filter', usage: 'missing' });
    const { asker, ledger } = openAsker(':memory:', { reasoningTokens: 100 });
    await expect(asker.ask(question())).rejects.toMatchObject({ name: 'FilteredError' });
    expect(ledger.spending().outputTokens).toBe(200);
  });

  it.each([
    ['another generation', question({}, 1)],
    ['another system prompt', question({ system: 'You know little.' })],
    ['another message', question({ messages: [{ role: 'user', content: 'What else?' }] })],
    ['another output limit', question({ maxOutputTokens: 201 })],
    ['another temperature', question({ temperature: 0.5 })],
    ['another schema', question({ schema: { name: 'answer', definition: answerSchema.extend({ why: z.string() }) } })],
  ])('asks again for %s', async (_, other) => {
    await serve(GOOD, { text: '{"answer": 7, "why": "so"}', usage: USAGE });
    const { asker } = openAsker();
    await asker.ask(question());
    await expect(asker.ask(other)).resolves.toMatchObject({ value: 7 });
    expect(server.requests).toHaveLength(2);
  });

  it('asks to repair a bad reply, showing it and saying what is wrong, and counts both', async () => {
    await serve(BAD, GOOD);
    const { asker } = openAsker();
    await expect(asker.ask(question())).resolves.toMatchObject({ value: 42, costMicroUsd: 2 * COST });
    expect(conversation(2).map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(conversation(2).slice(0, 2)).toEqual(conversation(1));
    expect(conversation(2)[2]!.content).toBe('Forty-two, I think.');
    expect(conversation(2)[3]!.content).toContain('it is no number in JSON.');
  });

  it('gives up after two repairs, each shown all that was said before', async () => {
    const bad = ['one', 'two', 'three', '{"answer": 42}'].map((text): ChatAnswer => ({ text, usage: USAGE }));
    await serve(...bad);
    const { asker, ledger } = openAsker();
    await expect(asker.ask(question())).rejects.toThrow(
      expect.objectContaining({ code: 'REPLY_UNUSABLE', problem: 'it is no number in JSON.' }),
    );
    expect(server.requests).toHaveLength(3);
    expect(conversation(3).slice(0, 4)).toEqual(conversation(2));
    expect(conversation(3)[4]).toEqual({ role: 'assistant', content: 'two' });
    expect(ledger.spending()).toMatchObject({ settledCalls: 3, settledMicroUsd: 3 * COST });
  });

  it('asks a second time for a repair even where the same bad reply comes again', async () => {
    await serve(BAD, BAD, GOOD);
    await expect(openAsker().asker.ask(question())).resolves.toMatchObject({ value: 42, costMicroUsd: 3 * COST });
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ['a good answer after repairs', [BAD, BAD, GOOD]],
    ['giving up', [BAD, BAD, BAD]],
  ])('walks the same way to %s after a crash, without a request', async (name, answers) => {
    await serve(...answers);
    const path = folder.file(`${name}.db`);
    const outcome = (asker: LlmAsker) => asker.ask(question()).catch((error: Error) => error.message);
    const before = openAsker(path);
    const expected = await outcome(before.asker);
    before.database.close();

    const after = openAsker(path, { caps: { maxCalls: 0 } });
    await expect(outcome(after.asker)).resolves.toEqual(expected);
    expect(server.requests).toHaveLength(3);
    after.database.close();
  });

  it('goes on in the middle of its repairs after a crash', async () => {
    await serve(BAD, { fault: 'status', status: 401 }, GOOD);
    const path = folder.file('middle.db');
    const before = openAsker(path);
    await expect(before.asker.ask(question())).rejects.toThrow(expect.objectContaining({ status: 401 }));
    before.database.close();

    const after = openAsker(path);
    await expect(after.asker.ask(question())).resolves.toMatchObject({ value: 42, costMicroUsd: 2 * COST });
    expect(server.requests).toHaveLength(3);
    expect(conversation(3)).toEqual(conversation(2));
    after.database.close();
  });

  it.each([
    ['length', 'cut off before its end'],
    ['refusal', 'declines the request'],
  ] as const)('takes no answer from a reply that ended by %s, however good it looks', async (stop, problem) => {
    await serve({ ...GOOD, stop }, GOOD);
    const { asker } = openAsker();
    await expect(asker.ask(question())).resolves.toMatchObject({ value: 42, costMicroUsd: 2 * COST });
    expect(conversation(2).at(-1)!.content).toContain(problem);
  });

  it('asks again after an empty reply, which is no refusal', async () => {
    await serve({ text: ' ', usage: USAGE }, GOOD);
    await expect(openAsker().asker.ask(question())).resolves.toMatchObject({ value: 42 });
    expect(conversation(2).at(-1)!.content).toContain('it is empty');
  });

  it('shows 4,000 characters of a bad reply at most, and never half a character', async () => {
    await serve({ text: `${'x'.repeat(3_999)}\u{1f600}` }, { text: '' }, { text: '{"answer": 42}' });
    const { asker } = openAsker();
    await asker.ask(question());
    expect(conversation(2)[2]!.content).toBe(`${'x'.repeat(3_999)}\ufffd`);
    expect(conversation(3)[4]!.content).toBe('(an empty reply)');
  });

  it('asks for a repair in the words of the user', async () => {
    folder.write('repair.md', '---\nid: repair\nversion: 2\nvariables: [problem]\n---\n# User\nOh no: {{problem}}');
    await serve(BAD, GOOD);
    await openAsker(':memory:', { promptFolder: folder.path }).asker.ask(question());
    expect(conversation(2).at(-1)!.content).toBe('Oh no: it is no number in JSON.');
  });

  it('passes other errors of reading on, and asks nothing more', async () => {
    await serve(GOOD);
    const { asker } = openAsker();
    const parse = () => {
      throw new TypeError('a bug');
    };
    await expect(asker.ask({ ...question(), parse })).rejects.toThrow(TypeError);
    expect(server.requests).toHaveLength(1);
  });

  it('makes no request that could pass a cap, nor after the signal', async () => {
    await serve(GOOD);
    const stingy = openAsker(':memory:', { caps: { maxMicroUsd: 100 } });
    await expect(stingy.asker.ask(question())).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED', cap: 'usd' });
    const stopped = openAsker(':memory:', { signal: AbortSignal.abort(new Error('stop')) });
    await expect(stopped.asker.ask(question())).rejects.toThrow('stop');
    expect(server.requests).toHaveLength(0);
  });

  it('settles at its own count where the server says less, and keeps what the server said', async () => {
    await serve({ text: '{"answer": 42}', usage: { input: 1, output: 0 } });
    const { asker, database } = openAsker();
    const answer = await asker.ask(question());
    const sent = countTokens('You know everything.') + countTokens('What is the answer?');
    expect(answer.costMicroUsd).toBe(sent + 2 * countTokens('{"answer": 42}'));
    const reported = database.prepare('SELECT reported FROM reply').pluck().get();
    expect(JSON.parse(reported as string)).toEqual({ inputTokens: 1, cachedInputTokens: 0, outputTokens: 0 });
  });

  describe('of a server that cuts prompts', () => {
    const long = question({ messages: [{ role: 'user', content: 'one two three '.repeat(200) }] });
    const sent = countTokens('one two three '.repeat(200));

    it.each([
      ['a long one', long, Math.floor(0.7 * sent)],
      ['one in another script', question({ messages: [{ role: 'user', content: '數據標註'.repeat(800) }] }), 100],
    ])('uses no answer to %s, says so, and asks nothing more', async (_, asked, input) => {
      await serve({ text: '{"answer": 42}', usage: { input, output: 10 } });
      const { asker, ledger } = openAsker(':memory:', { provider: 'compatible' });
      await expect(asker.ask(asked)).rejects.toMatchObject({
        code: 'PROVIDER',
        retryable: false,
        message: expect.stringMatching(
          new RegExp(`read ${input.toLocaleString('en-US')} of about [\\d,]+ prompt tokens`),
        ),
        hint: expect.stringContaining('longer context'),
      });
      expect(server.requests).toHaveLength(1);
      // It may be billed, and the answer is not found again.
      expect(ledger.spending()).toMatchObject({ settledCalls: 0, lostCalls: 1 });
      await expect(asker.ask(asked)).rejects.toMatchObject({ code: 'PROVIDER' });
      expect(server.requests).toHaveLength(2);
    });

    it.each([
      ['counts a little less than we do', long, Math.ceil(0.81 * sent)],
      ['counts nothing', long, 0],
      [
        'holds more of another script in a token',
        question({ messages: [{ role: 'user', content: 'привет мир '.repeat(200) }] }),
        350,
      ],
      ['is asked something short', question(), 1],
    ])('one is not that which %s', async (_, asked, input) => {
      await serve({ text: '{"answer": 42}', usage: { input, output: 10 } });
      await expect(openAsker(':memory:', { provider: 'compatible' }).asker.ask(asked)).resolves.toMatchObject({
        value: 42,
      });
    });
  });

  describe('of a model that thinks unasked', () => {
    const limits = () => server.requests.map(({ body }) => body.max_completion_tokens);
    const thoughts = 'Let me count them again. '.repeat(100);

    it('gets room for it after the first answer, without being asked anything again', async () => {
      const path = folder.file('thinking.db');
      await serve({ text: `<think>${thoughts}</think>{"answer": 42}` }, { text: '{"answer": 7}' });
      const { asker, database } = openAsker(path);
      await expect(asker.ask(question())).resolves.toMatchObject({ value: 42 });
      await expect(asker.ask(question({}, 1))).resolves.toMatchObject({ value: 7 });
      expect(limits()).toEqual([200, 200 + Math.ceil(1.5 * countTokens(`<think>${thoughts}</think>`))]);
      database.close();
      const again = openAsker(path).asker;
      await expect(again.ask(question({}, 1))).resolves.toMatchObject({ value: 7 });
      expect(server.requests).toHaveLength(2);
    });

    it('is asked again with more room where it was cut off while it thought, also for a free answer', async () => {
      await serve({ text: `<think>${thoughts}`, stop: 'length' }, { text: 'Forty-two.' });
      const { asker } = openAsker();
      const free = { ...question(), acceptsCut: true, parse: (text: string) => text.length };
      await expect(asker.ask(free)).resolves.toMatchObject({ value: 'Forty-two.'.length });
      expect(limits()).toEqual([200, 200 + 4_096]);
    });

    it('reserves that room, so that caps hold', async () => {
      await serve({ text: `<think>${thoughts}</think>{"answer": 42}` });
      const { asker, database } = openAsker();
      await asker.ask(question());
      await asker.ask(question({}, 1));
      const [first, second] = database.prepare('SELECT worst_case_tokens FROM attempt').pluck().all() as number[];
      expect(second! - first!).toBe(Math.ceil(1.5 * countTokens(`<think>${thoughts}</think>`)));
    });

    it('that is known to think gets more than was planned for it where its first answers need more, within the caps', async () => {
      const planned = 1_000;
      const asked = question({ maxOutputTokens: 200 + planned });
      // Its thinking is not shown, only counted.
      const cut = { text: '', stop: 'length', usage: { input: 100, output: 200, thinking: 1_000 } } as const;
      await serve(cut, { text: '{"answer": 42}' });
      await expect(openAsker(':memory:', { reasoningTokens: planned }).asker.ask(asked)).resolves.toMatchObject({
        value: 42,
      });
      const [first, second] = limits() as [number, number];
      expect(second - first).toBe(4_096 - planned);
      await server.close();

      await serve(cut, { text: '{"answer": 42}' });
      const caps = { maxTokens: 4_000 };
      const { asker, ledger } = openAsker(':memory:', { reasoningTokens: planned, caps });
      await expect(asker.ask(asked)).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' });
      expect(ledger.spending()).toMatchObject({ settledCalls: 1, reservedCalls: 0 });
      expect(server.requests).toHaveLength(1);
    });

    it('has its thinking billed as output', async () => {
      await serve({ text: `<think>${thoughts}</think>{"answer": 42}`, usage: { input: 100, output: 1 } });
      const { asker, ledger } = openAsker();
      await asker.ask(question());
      expect(ledger.spending().outputTokens).toBeGreaterThan(countTokens(thoughts.trim()));
    });

    it('that never answers is reported with the option that gives it room', async () => {
      await serve({ text: '<think>Hm', stop: 'length' });
      await expect(openAsker().asker.ask(question())).rejects.toMatchObject({
        problem: expect.stringContaining('cut off'),
        hint: expect.stringContaining('reasoningTokens'),
      });
    });
  });

  it('reserves and settles more for a model of an older tokenizer', async () => {
    await serve(GOOD);
    const text = '請列出三條河流的名字'.repeat(20);
    const cost = (model: string) => {
      const { asker } = openAsker(':memory:', { model });
      return asker.estimate(question({ messages: [{ role: 'user', content: text }] }).request, 0).inputTokens;
    };
    expect(cost('gpt-3.5-turbo')).toBeGreaterThan(1.2 * cost('gpt-4o-mini'));
  });

  describe('estimate', () => {
    it('counts the input as it is, and prices what is expected', async () => {
      await serve(GOOD);
      const estimate = openAsker().asker.estimate(question().request);
      const schema = countTokens(JSON.stringify(z.toJSONSchema(answerSchema)));
      expect(estimate.inputTokens).toBe(countTokens('You know everything.\nWhat is the answer?') + schema);
      expect(estimate.worstCaseCalls).toBe(3);
      expect(estimate.expectedMicroUsd(10)).toBe(estimate.inputTokens + 20);
    });

    it.each([
      ['short replies', 'openai', 200, 'No.'],
      ['replies as long as they may be', 'openai', 300, ' word'.repeat(300)],
      ['replies of a model that counts otherwise', 'compatible', 300, ' word'.repeat(300)],
      ['replies in another script', 'compatible', 300, '數據標註的成本很高'.repeat(30)],
      ['very long replies in another script', 'compatible', 5_000, '數據標註的成本很高'.repeat(500)],
    ] as const)('is never below what is reserved for %s', async (_, provider, maxOutputTokens, text) => {
      expect(countTokens(text)).toBeLessThanOrEqual(maxOutputTokens);
      await serve({ text });
      const { asker, database } = openAsker(':memory:', { provider });
      const { request } = question({ maxOutputTokens });
      await expect(asker.ask({ ...question(), request })).rejects.toThrow(ReplyError);
      const reserved = database.prepare('SELECT worst_case_tokens, worst_case_micro_usd FROM attempt').raw().all() as [
        number,
        number,
      ][];
      expect(reserved).toHaveLength(3);
      const estimate = asker.estimate(request);
      const [tokens, microUsd] = [0, 1].map((column) => reserved.reduce((sum, row) => sum + row[column]!, 0));
      expect(tokens).toBeLessThanOrEqual(estimate.worstCaseTokens);
      expect(microUsd).toBeLessThanOrEqual(estimate.worstCaseMicroUsd);
      expect(Math.max(...reserved.map(([one]) => one))).toBeLessThanOrEqual(estimate.largestRequestTokens);
      // A bound that is far from the truth would frighten people off for nothing.
      expect(estimate.worstCaseTokens).toBeLessThan(5 * tokens!);
    });
  });
});

describe('what a question will cost', () => {
  it.each([
    ['the price of cached input for a system prompt that all requests share', 1_024, 500_000],
    ['the full price where it is too short to be cached', 4_096, 1_000_000],
    ['the full price where the provider caches nothing', undefined, 1_000_000],
  ])('has %s', (_, cachesFromTokens, price) => {
    const database = openDatabase(':memory:');
    const clock = new VirtualClock();
    const ledger = new SqliteLedger(database, { clock });
    const asker = new LlmAsker({
      client: {
        provider: 'openai',
        model: 'gpt-4o-mini',
        endpoint: 'local',
        complete: () => Promise.reject(new Error()),
      },
      ledger,
      caller: new MeteredCaller({ ledger, clock, random: seededRandom(1), maxConcurrency: 1 }),
      price: PRICE,
      contextTokens: 128_000,
      reasoningTokens: 0,
      repairPrompt: loadPrompt(REPAIR_PROMPT.id, REPAIR_PROMPT.variables),
      cachesFromTokens,
    });
    const { request } = question({ system: ' rule'.repeat(2_000) });
    const estimate = asker.estimate(request);
    const rest = estimate.inputTokens - 2_000;
    expect(estimate.expectedMicroUsd(0)).toBe(Math.ceil(rest + (2_000 * price) / 1_000_000));
    database.close();
  });
});
