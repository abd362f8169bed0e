import { afterEach, describe, expect, it } from 'vitest';
import type { BudgetCaps } from '../../src/domain/ledger.ts';
import { seededRandom } from '../../src/math/random.ts';
import { LlmAsker, REPAIR_PROMPT } from '../../src/models/llm-asker.ts';
import { MeteredCaller } from '../../src/models/metering/metered-caller.ts';
import { loadPrompt } from '../../src/models/prompt-template.ts';
import { compatibleProvider } from '../../src/models/providers/compatible.ts';
import { openAiClient } from '../../src/models/providers/openai-client.ts';
import { type ServedModelOptions, servedModel } from '../../src/trainers/served-model.ts';
import { type ChatAnswer, script } from '../support/chat-answers.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const PRICE = { input: 1_000_000, cachedInput: 1_000_000, output: 2_000_000 };
const USAGE = { input: 100, output: 10 };
const ITEM = { instruction: 'Translate into French.', input: 'A cat.' };
const SUBJECT = { subject: 'item it_1' };

describe('servedModel', () => {
  let server: ProviderServer;

  afterEach(() => server.close());

  async function serve(...answers: ChatAnswer[]) {
    server = await startOpenAiServer({ chat: script(...answers) });
    const ledger = new MemoryLedger();
    return {
      ledger,
      model: openModel(ledger),
      again: (changes: Partial<ServedModelOptions>) => openModel(ledger, changes),
    };
  }

  function openModel(
    ledger = new MemoryLedger(),
    changes: Partial<ServedModelOptions> & { contextTokens?: number } = {},
  ) {
    const { contextTokens = 4_096, ...options } = changes;
    const clock = new VirtualClock().runByItself();
    const asker = new LlmAsker({
      client: openAiClient(compatibleProvider, { model: 'seed', baseUrl: `${server.url}/v1` }),
      ledger,
      caller: new MeteredCaller({ ledger, clock, random: seededRandom(1), maxConcurrency: 4 }),
      price: PRICE,
      contextTokens,
      reasoningTokens: 0,
      repairPrompt: loadPrompt(REPAIR_PROMPT.id, REPAIR_PROMPT.variables),
    });
    return servedModel({ asker, round: 1, maxOutputTokens: 64, temperature: 0.5, ...options });
  }

  it('asks as it was trained: no system prompt, the instruction, a blank line, the input', async () => {
    const { model } = await serve({ text: 'Un chat.', usage: USAGE });
    await expect(model.answer(ITEM, SUBJECT)).resolves.toEqual({
      text: 'Un chat.',
      model: 'seed-2024-07-18',
      costMicroUsd: 120,
    });
    expect(server.requests[0]!.body).toEqual({
      model: 'seed',
      messages: [{ role: 'user', content: 'Translate into French.\n\nA cat.' }],
      max_tokens: 64,
      temperature: 0.5,
    });
    expect([model.name, model.concurrency]).toEqual(['seed', 4]);
  });

  it.each<[string, ChatAnswer, string]>([
    ['nothing', { text: '' }, ''],
    ['no more than it may', { text: 'Un ch', stop: 'length' }, 'Un ch'],
    ['that it declines', { text: 'I cannot help with that.', stop: 'refusal' }, 'I cannot help with that.'],
  ])('takes for an answer when the model says %s', async (_, answer, text) => {
    const { model } = await serve(answer, { text: 'asked again' });
    await expect(model.answer(ITEM, SUBJECT)).resolves.toMatchObject({ text });
    expect(server.requests).toHaveLength(1);
  });

  it('does not ask again for what a filter stops, and says so', async () => {
    const { model } = await serve({ text: '', stop: 'content-filter' }, { text: 'asked again' });
    await expect(model.answer(ITEM, SUBJECT)).rejects.toMatchObject({ name: 'FilteredError' });
    expect(server.requests).toHaveLength(1);
  });

  it('pays for an answer once, but asks a model of another round again, even with the same name', async () => {
    const { model, again, ledger } = await serve({ text: 'first' }, { text: 'second' });
    await model.answer(ITEM, SUBJECT);
    await expect(again({}).answer(ITEM, SUBJECT)).resolves.toMatchObject({ text: 'first' });
    await expect(again({ round: 2 }).answer(ITEM, SUBJECT)).resolves.toMatchObject({ text: 'second' });
    expect(ledger.attempts.map(({ call }) => [call.kind, call.subject])).toEqual([
      ['answer', 'item it_1'],
      ['answer', 'item it_1'],
    ]);
  });

  it('estimates one call, which costs at most what is reserved for it', async () => {
    const { model, ledger } = await serve({ text: 'Un chat.', usage: USAGE });
    const { expected, worstCase } = model.estimate(ITEM);
    await model.answer(ITEM, SUBJECT);
    expect(ledger.attempts[0]!.call.worstCaseMicroUsd).toBe(worstCase);
    expect(expected).toBeGreaterThan(0);
    expect(expected).toBeLessThan(worstCase);
  });

  it('does not send a prompt that does not fit the model, and reports by how much it is too long', async () => {
    const { model } = await serve({ text: 'never' });
    await expect(model.answer({ instruction: 'word '.repeat(5_000) }, SUBJECT)).rejects.toMatchObject({
      code: 'REPLY_UNUSABLE',
      message: expect.stringMatching(/too long for the model: 5,00\d tokens by our count, and it has room for 4,032/),
    });
    expect(server.requests).toHaveLength(0);
  });

  it('reports a rejected request as too long if it may be', async () => {
    const { model } = await serve({
      fault: 'status',
      status: 400,
      message: "This model's maximum context length is 4096.",
    });
    const long = model.answer({ instruction: 'word '.repeat(3_900) }, SUBJECT);
    await expect(long).rejects.toMatchObject({ code: 'REPLY_UNUSABLE' });
  });

  it('asks with the turns and tools of a conversation as they are', async () => {
    const { model } = await serve({ text: 'Snow.' });
    const context = {
      before: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'Hi' },
        { role: 'assistant', text: 'Hello' },
      ],
      after: [
        { role: 'assistant', text: '', toolCalls: [{ name: 'weather', arguments: '{}', id: 'w1' }] },
        { role: 'tool', text: 'snow', toolCallId: 'w1' },
      ],
      tools: [{ name: 'weather' }],
    } as const;
    await model.answer({ instruction: 'Weather?', context }, SUBJECT);
    const { messages, tools } = server.requests[0]!.body as { messages: object[]; tools: object[] };
    expect(messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'w1', type: 'function', function: { name: 'weather', arguments: '{}' } }],
      },
      { role: 'tool', content: 'snow', tool_call_id: 'w1' },
    ]);
    expect(tools).toEqual([{ type: 'function', function: { name: 'weather' } }]);
  });

  it('reports other rejected requests as they are', async () => {
    const { model } = await serve({ fault: 'status', status: 400, message: 'The model is being replaced.' });
    await expect(model.answer(ITEM, SUBJECT)).rejects.toMatchObject({ code: 'PROVIDER' });
  });

  it('sends a lone surrogate as the replacement character, which any server can read', async () => {
    const { model } = await serve({ text: 'ok' });
    await model.answer({ instruction: 'cut \ud83d' }, SUBJECT);
    expect(server.requests[0]!.body.messages).toEqual([{ role: 'user', content: 'cut \ufffd' }]);
  });

  it('keeps to the cap', async () => {
    await serve({ text: 'ok' });
    const caps: BudgetCaps = { maxMicroUsd: 10 };
    await expect(openModel(new MemoryLedger(caps)).answer(ITEM, SUBJECT)).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
    });
  });
});
