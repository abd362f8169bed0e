import { afterEach, describe, expect, it } from 'vitest';
import { openEndednessMeasure } from '../../../src/selection/measures/open-endedness-measure.ts';
import { instructionOf } from '../../../src/testing/strategy-context.ts';
import type { ChatAnswer, ChatAnswerer } from '../../support/chat-answers.ts';
import { MemoryLedger } from '../../support/memory-ledger.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { askerOf } from './measure-lab.ts';

const ITEMS = [instructionOf('What is 2 + 2?', 0), instructionOf('Tell a story about:', 1, 'a cat \ud83d')];

const FIRST = { generation: 0 };

describe('openEndednessMeasure', () => {
  let server: ProviderServer;
  afterEach(() => server.close());

  const serve = async (chat: ChatAnswerer) => {
    server = await startOpenAiServer({ chat });
  };
  /** One list of answers for each instruction, in the order of the requests. */
  function answers(byStart: Readonly<Record<string, readonly ChatAnswer[]>>): ChatAnswerer {
    const asked = new Map<string, number>();
    return ({ text }) => {
      const start = text.split(' ')[0]!;
      const turn = asked.get(start) ?? 0;
      asked.set(start, turn + 1);
      return byStart[start]![turn % byStart[start]!.length]!;
    };
  }

  it('counts the different word pairs of three answers, each a separate call at temperature 1', async () => {
    await serve(
      answers({
        What: [{ text: 'It is four.' }, { text: 'It is 4.' }, { text: 'Four' }],
        Tell: [{ text: 'A cat sat down.' }, { text: 'Once a cat ran.' }, { text: 'No cat at all.' }],
      }),
    );
    const measure = openEndednessMeasure(askerOf(server), ITEMS, 3);
    expect(measure.name).toBe('distinct word bigrams in 3 answers by compatible m at temperature 1');
    const measured = await measure.measure([0, 1], { generation: 0 });
    expect([...measured.values]).toEqual([3, 3 + 2 + 3]);
    expect(measured.reasons[1]).toBe('8 different word pairs in 3 answers');
    expect(measured.model).toBe('m-2024-07-18');
    expect(server.requests).toHaveLength(6);
    expect(server.requests.map(({ body }) => body)).toContainEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Tell a story about:\n\na cat \ufffd' }],
      max_tokens: 512,
      temperature: 1,
    });
  });

  it('counts the given number of answers, including stored ones', async () => {
    await serve(answers({ What: [{ text: 'one two' }, { text: 'three four' }, { text: 'five six' }] }));
    const ledger = new MemoryLedger();
    const open = (generations: number) => openEndednessMeasure(askerOf(server, { ledger }), ITEMS, generations);
    expect((await open(1).measure([0], { generation: 0 })).values[0]).toBe(1);
    expect((await open(3).estimate([0], FIRST)).calls).toEqual({ expected: 2, worstCase: 2 });
    expect((await open(3).measure([0], { generation: 0 })).values[0]).toBe(3);
    expect(server.requests).toHaveLength(3);
  });

  it('pays for nothing twice, despite faults, and at most the estimate', async () => {
    let calls = 0;
    await serve(() => {
      calls += 1;
      return calls === 2 ? { fault: 'status', status: 401, message: 'no' } : { text: `answer number ${calls}` };
    });
    const ledger = new MemoryLedger();
    const measure = openEndednessMeasure(askerOf(server, { ledger, concurrency: 1 }), ITEMS, 3);
    const { costMicroUsd } = await measure.estimate([0, 1], FIRST);
    const stopped = await measure.measure([0, 1], { generation: 0 });
    expect(stopped).toMatchObject({ unmeasured: 2, stopped: { by: 'provider' } });
    const whole = await measure.measure([0, 1], { generation: 0 });
    expect(whole).toMatchObject({ unmeasured: 0, failed: [] });
    expect(calls).toBe(7);
    expect((await measure.estimate([0, 1], FIRST)).calls.worstCase).toBe(0);
    expect(ledger.spending().settledMicroUsd).toBeLessThanOrEqual(costMicroUsd.worstCase);
    expect(whole.costMicroUsd.reduce((sum, cost) => sum + cost)).toBe(ledger.spending().settledMicroUsd);
  });

  it.each<[string, ChatAnswer, number]>([
    ['is cut', { text: 'one two three', stop: 'length' }, 2],
    ['is a single word', { text: '2020' }, 0],
  ])('counts an answer that %s', async (_, answer, pairs) => {
    await serve(() => answer);
    const measured = await openEndednessMeasure(askerOf(server), ITEMS, 3).measure([0], { generation: 0 });
    expect([...measured.values]).toEqual([pairs]);
    expect(server.requests).toHaveLength(3);
  });

  it.each<[string, ChatAnswer]>([
    ['is empty', { text: ' ' }],
    ['declines the request', { text: 'I cannot do that.', stop: 'refusal' }],
  ])('has no value when an answer %s, and requests only that answer again, in a retry', async (problem, bad) => {
    await serve(answers({ What: [{ text: 'one two' }, bad, { text: 'three four' }, { text: 'five six' }] }));
    const ledger = new MemoryLedger();
    const measure = openEndednessMeasure(askerOf(server, { ledger }), ITEMS, 3);
    for (let time = 0; time < 2; time += 1) {
      const measured = await measure.measure([0], { generation: 0 });
      expect(measured.failed).toEqual([
        { position: 0, failure: `The reply cannot be used: answer 2 of 3 ${problem}.` },
      ]);
      expect(measured.values[0]).toBeNaN();
      expect(server.requests).toHaveLength(2);
      expect(measured.costMicroUsd[0]).toBe(ledger.spending().settledMicroUsd);
    }
    // The third answer is requested only after a usable second.
    expect((await measure.estimate([0], FIRST)).calls.worstCase).toBe(0);
    expect((await measure.estimate([0], { generation: 1 })).calls).toEqual({ expected: 2, worstCase: 3 });
    const again = await measure.measure([0], { generation: 1 });
    expect((await measure.estimate([0], { generation: 1 })).calls.worstCase).toBe(0);
    expect(again.values[0]).toBe(3);
    expect(server.requests).toHaveLength(4);
    expect(again.costMicroUsd[0]).toBe(ledger.spending().settledMicroUsd);
    expect(await measure.measure([0], { generation: 2 })).toEqual(again);
  });

  it('neither sends nor estimates instructions too long for the model', async () => {
    await serve(() => ({ text: 'never' }));
    const items = [instructionOf('word '.repeat(9_000), 0)];
    const measure = openEndednessMeasure(askerOf(server), items, 3);
    expect((await measure.estimate([0], FIRST)).calls.worstCase).toBe(0);
    const { failed } = await measure.measure([0], { generation: 0 });
    expect(failed[0]!.failure).toMatch(/too long for the model: about 9,00\d tokens, with room for 7,680/);
    expect(server.requests).toHaveLength(0);
  });
});
