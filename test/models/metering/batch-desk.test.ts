import { afterEach, describe, expect, it } from 'vitest';
import { serverMemory } from '../../../src/models/providers/server-memory.ts';
import { askedTwice, billedMicroUsd } from '../../support/batch-books.ts';
import { type BatchServer, type BatchServerOptions, startBatchServer } from '../../support/batch-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answerNumber, type LabOptions, openBatchAsker, outcomes, question } from './batch-lab.ts';

const folder = temporaryFolder();
const PENDING = 'BATCH_PENDING';
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe.each(['openai', 'anthropic', 'mistral'] as const)('batches of %s', (provider) => {
  let server: BatchServer;
  let states = 0;
  afterEach(() => server.close());

  const serve = async (options: BatchServerOptions = {}) => {
    server = await startBatchServer({ provider, chat: answerNumber, ...options });
  };
  const open = (options: LabOptions = {}) => openBatchAsker(server, { provider, ...options });
  const newState = () => {
    states += 1;
    return folder.file(`${provider}-${states}.db`);
  };
  /** The ledger and the server's books agree, nothing is set aside any more, and nothing was asked twice. */
  const expectBooksToAgree = ({ ledger, batchPrice }: Awaited<ReturnType<typeof open>>) => {
    const { settledMicroUsd, reservedCalls, lostCalls } = ledger.spending();
    expect({ settledMicroUsd, reservedCalls, lostCalls }).toEqual({
      settledMicroUsd: billedMicroUsd(server.books, batchPrice),
      reservedCalls: 0,
      lostCalls: 0,
    });
    expect(askedTwice(server.books)).toEqual([]);
  };

  it('sends all calls of a moment together, says when they are ready, and collects them in a later process', async () => {
    await serve({ looks: 2 });
    const path = newState();
    const first = await open({ path });
    expect(outcomes(await first.ask(5))).toEqual(Array(5).fill(PENDING));
    expect(server.sizes).toEqual([5]);
    expect(first.notes).toEqual([expect.stringMatching(/^5 requests sent to \w+ as a batch\.$/)]);
    expect(first.ledger.spending()).toMatchObject({ reservedCalls: 5, settledCalls: 0 });
    first.close();

    const second = await open({ path });
    const [waiting] = await second.ask(5);
    expect((waiting as PromiseRejectedResult).reason.message).toMatch(
      /^\w+ works on 5 requests in 1 batch\. Usually ready within an hour, at most in 24 hours\.$/,
    );
    expect(second.ledger.spending().reservedCalls).toBe(5);
    second.close();

    const third = await open({ path });
    expect(outcomes(await third.ask(5))).toEqual(numbers(5));
    expectBooksToAgree(third);
    expect(server.asked.create).toBe(1);
    expect(server.live.requests).toHaveLength(5);
    third.close();
  });

  it('stays until the answers are there where it is told to, looking less and less often', async () => {
    await serve({ looks: 9 });
    const lab = await open({ waits: true });
    expect(outcomes(await lab.ask(3))).toEqual([1, 2, 3]);
    expect((lab.clock as unknown as { waitsMs: number[] }).waitsMs).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000,
    ]);
    expectBooksToAgree(lab);
  });

  it('costs half, cached input included', async () => {
    const usage = { input: 10_000, cached: 4_000, output: 100 };
    await serve({ chat: (prompt) => ({ ...answerNumber(prompt), usage }) });
    const lab = await open({ waits: true });
    await lab.ask(1);
    const live = await open({ batch: false });
    await live.ask(1);
    const [inBatch, oneByOne] = [lab, live].map(({ ledger }) => ledger.spending().settledMicroUsd);
    // Older models of OpenAI have no discount for cached input in batches.
    if (provider === 'openai') expect(inBatch).toBe(780);
    else expect(inBatch).toBe(oneByOne! / 2);
  });

  it('sends what expired, was cancelled or failed with the next batch, and nothing else', async () => {
    const fates = ['answered', 'expired', 'canceled', 'errored', 'twice'] as const;
    await serve({ fate: (batch, index) => (batch === 1 ? fates[index % 5]! : 'answered') });
    const lab = await open({ waits: true });
    expect(outcomes(await lab.ask(10))).toEqual(numbers(10));
    expect(server.sizes).toEqual([10, 6]);
    expectBooksToAgree(lab);
  });

  it('counts an answer that is not in the results as spent, and asks again', async () => {
    await serve({ fate: (batch, index) => (batch === 1 && index === 0 ? 'missing' : 'answered') });
    const lab = await open({ waits: true });
    expect(outcomes(await lab.ask(3))).toEqual([1, 2, 3]);
    expect(server.sizes).toEqual([3, 1]);
    const { settledMicroUsd, lostMicroUsd, lostCalls } = lab.ledger.spending();
    expect(lostCalls).toBe(1);
    expect(settledMicroUsd + lostMicroUsd).toBeGreaterThanOrEqual(billedMicroUsd(server.books, lab.batchPrice));
  });

  it('gives a request up that comes back without an answer three times', async () => {
    await serve({ fate: (_batch, index) => (index === 0 ? 'errored' : 'answered') });
    const lab = await open({ waits: true });
    expect(outcomes(await lab.ask(2))).toEqual(['PROVIDER', 2]);
    expect(server.sizes).toEqual([2, 1, 1]);
    expectBooksToAgree(lab);
  });

  it('never sends again what a content filter refused, in this process or a later one', async () => {
    const message = 'Output blocked by content filtering policy';
    await serve({
      chat: (prompt) =>
        /What is 2\?/.test(prompt.text) ? { fault: 'status', status: 400, message } : answerNumber(prompt),
    });
    const path = newState();
    for (const waits of [true, false]) {
      const lab = await open({ path, waits });
      expect(outcomes(await lab.ask(3))).toEqual([1, 'REPLY_UNUSABLE', 3]);
      const { reservedCalls, lostCalls, settledCalls } = lab.ledger.spending();
      expect({ reservedCalls, lostCalls, settledCalls }).toEqual({ reservedCalls: 0, lostCalls: 0, settledCalls: 3 });
      lab.close();
    }
    expect(server.sizes).toEqual([3]);
  });

  it('sends repairs of unusable replies with the next batch', async () => {
    await serve({
      chat: (prompt) =>
        /no number/.test(prompt.text) ? answerNumber(prompt) : { text: 'Well.', usage: { input: 1_000, output: 20 } },
    });
    const lab = await open({ waits: true });
    expect(outcomes(await lab.ask(4))).toEqual(numbers(4));
    expect(server.sizes).toEqual([4, 4]);
  });

  it('reads what is left out of a refused request and sends the others without it', async () => {
    await serve({ refuses: [provider === 'anthropic' ? 'output_config' : 'temperature'] });
    const path = newState();
    const servers = serverMemory(folder.file('cache'), { now: () => 0 });
    const lab = await open({ path, waits: true, servers });
    expect(outcomes(await lab.ask(3))).toEqual([1, 2, 3]);
    expect(server.sizes).toEqual([3, 3]);
    lab.close();
    // The next process knows.
    const later = await open({ path, waits: true, servers });
    expect(outcomes(await later.ask(3, 4))).toEqual([4, 5, 6]);
    expect(server.sizes).toEqual([3, 3, 3]);
    expectBooksToAgree(later);
    later.close();
  });

  it.each(['upload', 'create', 'look', 'results'] as const)(
    'tries again where %s fails, and creates one batch',
    async (route) => {
      if (route === 'upload' && provider === 'anthropic') return serve();
      const faults = [
        { fault: 'status', status: 429, headers: { 'retry-after': '1' } },
        { fault: 'status', status: 500 },
        { fault: 'drop', when: 'before' },
      ] as const;
      await serve({ trouble: (asked, nth) => (asked === route ? faults[nth - 1] : undefined) });
      const lab = await open({ waits: true });
      expect(outcomes(await lab.ask(3))).toEqual([1, 2, 3]);
      expect(server.sizes).toEqual([3]);
      expectBooksToAgree(lab);
      return undefined;
    },
  );

  it.each([
    { fault: 'status', status: 500 },
    { fault: 'drop', when: 'before' },
  ] as const)('finds a batch that was created although the answer was lost ($fault)', async (fault) => {
    await serve({ trouble: (route, nth) => (route === 'create' && nth === 1 ? { ...fault, after: true } : undefined) });
    const lab = await open({ waits: true });
    expect(outcomes(await lab.ask(3))).toEqual([1, 2, 3]);
    expect(server.sizes).toEqual([3]);
    expectBooksToAgree(lab);
  });

  it('keeps a batch where its creation was not confirmed in the end, and finds it in the next process', async () => {
    await serve({
      trouble: (route, nth) => {
        if (route === 'create') return { fault: 'drop', when: 'before', after: true };
        return route === 'list' && nth <= 6 ? { fault: 'status', status: 500 } : undefined;
      },
    });
    const path = newState();
    const lab = await open({ path, waits: true });
    expect(outcomes(await lab.ask(2))).toEqual(['PROVIDER', 'PROVIDER']);
    expect(lab.ledger.spending().reservedCalls).toBe(2);
    lab.close();
    const later = await open({ path, waits: true });
    expect(outcomes(await later.ask(2))).toEqual([1, 2]);
    expect(server.sizes).toEqual([2]);
    expectBooksToAgree(later);
    later.close();
  });

  it('frees what was set aside for a batch that the provider did not take', async () => {
    await serve({ trouble: (route) => (route === 'create' ? { fault: 'status', status: 403 } : undefined) });
    const lab = await open();
    expect(outcomes(await lab.ask(2))).toEqual(['PROVIDER', 'PROVIDER']);
    expect(lab.ledger.spending()).toMatchObject({ reservedMicroUsd: 0, lostMicroUsd: 0, settledMicroUsd: 0 });
    expect(server.sizes).toEqual([]);
  });

  it('keeps every cap: what does not fit waits until the batch before it is settled for less', async () => {
    await serve();
    const one = await open();
    await one.ask(1);
    const worstCase = one.ledger.spending().reservedMicroUsd;
    const caps = { maxMicroUsd: Math.ceil(worstCase * 2.9) };
    const lab = await open({ caps, waits: true });
    const before = server.sizes.length;
    expect(outcomes(await lab.ask(4))).toEqual(numbers(4));
    expect(server.sizes.slice(before)).toEqual([2, 2]);
    const poor = await open({ caps: { maxMicroUsd: worstCase - 1 } });
    expect(outcomes(await poor.ask(2))).toEqual(['BUDGET_EXCEEDED', 'BUDGET_EXCEEDED']);
    expect(poor.ledger.spending().reservedCalls).toBe(0);
  });

  it('counts batches and live calls under the same caps', async () => {
    await serve({ looks: 2 });
    const path = newState();
    const caps = { maxCalls: 5 };
    const lab = await open({ path, caps });
    await lab.ask(3);
    lab.close();
    const live = await open({ path, caps, batch: false });
    expect(outcomes(await live.ask(3, 4))).toEqual([4, 5, 'BUDGET_EXCEEDED']);
    live.close();
  });

  it('goes on live with a run that was begun by batch, and back, and pays for nothing twice', async () => {
    await serve({ looks: 2, fate: (_batch, index) => (index === 0 ? 'expired' : 'answered') });
    const path = newState();
    const lab = await open({ path });
    await lab.ask(3);
    lab.close();
    const live = await open({ path, batch: false });
    // What is in the batch is waited for, and nothing is asked beside it.
    expect(outcomes(await live.ask(3))).toEqual(Array(3).fill(PENDING));
    expect(server.live.requests).toHaveLength(0);
    live.close();
    const again = await open({ path, batch: false });
    expect(outcomes(await again.ask(4))).toEqual(numbers(4));
    // Two by batch; the one that expired and the new one live.
    expect(server.live.requests).toHaveLength(4);
    expect(server.sizes).toEqual([3]);
    again.close();
    const back = await open({ path });
    expect(outcomes(await back.ask(4))).toEqual(numbers(4));
    expect(server.sizes).toEqual([3]);
    back.close();
  });

  it('collects answers also for questions that are not asked any more', async () => {
    await serve();
    const path = newState();
    const lab = await open({ path });
    await lab.ask(3);
    lab.close();
    const later = await open({ path });
    expect(outcomes(await later.ask(1))).toEqual([1]);
    expectBooksToAgree(later);
    later.close();
  });

  it('answers two who ask the same with one request', async () => {
    await serve();
    const lab = await open({ waits: true });
    const [a, b] = await Promise.all([lab.ask(1), lab.ask(1)]);
    expect([outcomes(a), outcomes(b)]).toEqual([[1], [1]]);
    expect(server.sizes).toEqual([1]);
  });

  it('ends at an interrupt with the batch stored, and goes on later', async () => {
    const stop = new AbortController();
    await serve({ looks: 3, onRequest: (route) => route === 'create' && stop.abort(new Error('stopped')) });
    const path = newState();
    const lab = await open({ path, waits: true, signal: stop.signal });
    expect(outcomes(await lab.ask(2))).toEqual(['Error: stopped', 'Error: stopped']);
    lab.close();
    const later = await open({ path, waits: true });
    expect(outcomes(await later.ask(2))).toEqual([1, 2]);
    expect(server.sizes).toEqual([2]);
    expect(server.asked.list).toBe(0);
    expectBooksToAgree(later);
    later.close();
  });

  it('says that a batch is of another account, and keeps what is set aside', async () => {
    await serve({ trouble: (route) => (route === 'look' ? { fault: 'status', status: 404 } : undefined) });
    const path = newState();
    const lab = await open({ path });
    await lab.ask(1);
    lab.close();
    const later = await open({ path });
    const [failed] = await later.ask(1);
    expect((failed as PromiseRejectedResult).reason.message).toBe('The batch batch_1 is not known to this account.');
    expect(later.ledger.spending().reservedCalls).toBe(1);
    later.close();
  });
});

describe('batches of Mistral', () => {
  let server: BatchServer;
  afterEach(() => server.close());

  it.each(['expired', 'cancelled'] as const)('uses the results that a job has that %s as a whole', async (end) => {
    server = await startBatchServer({
      ...{ provider: 'mistral', chat: answerNumber },
      ends: (batch) => (batch === 1 ? end : 'completed'),
    });
    const lab = await openBatchAsker(server, { provider: 'mistral', waits: true });
    expect(outcomes(await lab.ask(6))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(server.sizes).toEqual([6, 3]);
    expect(lab.ledger.spending()).toMatchObject({ reservedCalls: 0, lostCalls: 0 });
  });

  it('says why a job failed as a whole, and pays nothing for it', async () => {
    const failed = 'Invalid file: line 1.';
    server = await startBatchServer({ provider: 'mistral', chat: answerNumber, ends: () => ({ failed }) });
    const lab = await openBatchAsker(server, { provider: 'mistral', waits: true });
    const [first] = await lab.ask(2);
    expect((first as PromiseRejectedResult).reason.message).toBe(`Mistral rejected the batch: ${failed}`);
    expect(lab.ledger.spending()).toMatchObject({ reservedMicroUsd: 0, settledMicroUsd: 0, lostMicroUsd: 0 });
  });
});

describe('batches of OpenAI', () => {
  let server: BatchServer;
  afterEach(() => server.close());

  it('does not use the answer to a prompt that the provider cut, also where a later process collects it', async () => {
    const long = 'one word after the other '.repeat(200);
    server = await startBatchServer({
      looks: 2,
      chat: (prompt) => ({ ...answerNumber(prompt), usage: { input: 300, output: 20 } }),
    });
    const path = folder.file('cut.db');
    const lab = await openBatchAsker(server, { path });
    await lab.asker.ask(question(1, long)).catch(() => undefined);
    lab.close();
    const later = await openBatchAsker(server, { path });
    await later.asker.ask(question(1, long)).catch(() => undefined);
    await expect(later.asker.ask(question(1, long))).rejects.toThrow(/read 300 of about 1,\d\d\d prompt tokens/);
    expect(later.ledger.spending()).toMatchObject({ reservedCalls: 0, settledCalls: 0, lostCalls: 1 });
    later.close();
  });

  it('sends half as many where the provider has no room for so many at once', async () => {
    server = await startBatchServer({
      chat: answerNumber,
      ends: (batch) => (batch === 1 ? { failed: 'Enqueued token limit reached for gpt-4o-mini.' } : 'completed'),
    });
    const lab = await openBatchAsker(server, { waits: true });
    expect(outcomes(await lab.ask(6))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(server.sizes).toEqual([6, 3, 3]);
    expect(lab.notes[1]).toMatch(/The next batch has half as many requests\.$/);
  });

  it('ends where a batch is turned down as a whole', async () => {
    server = await startBatchServer({ chat: answerNumber, ends: () => ({ failed: 'The file is empty.' }) });
    const lab = await openBatchAsker(server, { waits: true });
    expect(outcomes(await lab.ask(2))).toEqual(['PROVIDER', 'PROVIDER']);
    expect(lab.ledger.spending()).toMatchObject({ reservedMicroUsd: 0, settledMicroUsd: 0, lostMicroUsd: 0 });
  });

  it.each(['expired', 'cancelled'] as const)('uses the results that a batch has that %s as a whole', async (end) => {
    server = await startBatchServer({ chat: answerNumber, ends: (batch) => (batch === 1 ? end : 'completed') });
    const lab = await openBatchAsker(server, { waits: true });
    expect(outcomes(await lab.ask(6))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(server.sizes).toEqual([6, 3]);
    expect(askedTwice(server.books)).toEqual([]);
  });

  it('sends no temperature to a model that thinks: a refusal would take as long as an answer', async () => {
    server = await startBatchServer({ chat: answerNumber, refuses: ['temperature'] });
    const lab = await openBatchAsker(server, { model: 'gpt-5-mini', waits: true });
    expect(outcomes(await lab.ask(2))).toEqual([1, 2]);
    expect(server.sizes).toEqual([2]);
  });
});
