import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { planSimulation, type SimulateOptions, type SimulationPlan, simulate } from '../../../src/index.ts';
import { type ChatAnswerer, chooseBadly, chooseLongest } from '../../support/chat-answers.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { smallSimulation } from './simulation-lab.ts';

const folder = temporaryFolder();
const script = fileURLToPath(new URL('simulate-elsewhere.ts', import.meta.url));
const CHOOSER = 'selectllm:perQuery=2:itemsPerQuery=6';

let server: ProviderServer | undefined;
afterEach(() => server?.close());

/** Two arms of which one asks: 2 + 4 queries with each of two seeds. */
async function online(chat: ChatAnswerer, more: Partial<SimulateOptions> = {}): Promise<SimulateOptions> {
  server = await startOpenAiServer({ chat });
  return {
    ...smallSimulation(folder),
    strategies: ['random', CHOOSER],
    budgets: [4, 8],
    provider: 'openai',
    model: 'gpt-4o-mini',
    baseUrl: `${server.url}/v1`,
    apiKey: 'key',
    clock: new VirtualClock().runByItself(),
    timeoutMs: 30_000,
    ...more,
  };
}

function bodies(): string[] {
  return server!.requests.map(({ body }) => JSON.stringify(body));
}

describe('an arm that asks an LLM', () => {
  it('asks once for every query, gets over faults, and pays nothing when it is run again', async () => {
    let faults = 0;
    const state = folder.file('paid.db');
    const options = await online(
      (prompt) => {
        faults += 1;
        if (faults === 1) return { fault: 'status', status: 500 };
        return faults === 2 ? { fault: 'drop', when: 'before' } : chooseLongest(prompt);
      },
      { state },
    );
    const first = await simulate(options);
    expect(first).toMatchObject({ end: 'complete', missing: [] });
    expect(first.cells).toHaveLength(8);
    expect(first.spentMicroUsd).toBeGreaterThan(0);
    expect(server!.requests).toHaveLength(12 + 2);
    const again = await simulate(options);
    expect(again.cells).toEqual(first.cells);
    expect(again.spentMicroUsd).toBe(first.spentMicroUsd);
    expect(server!.requests).toHaveLength(14);
  });

  it('is asked only for what a seed more needs', async () => {
    const state = folder.file('seeds.db');
    const options = await online(chooseLongest, { state, seeds: [0] });
    await simulate(options);
    expect(server!.requests).toHaveLength(6);
    await simulate({ ...options, seeds: [0, 1], strategies: ['length', CHOOSER] });
    expect(server!.requests).toHaveLength(12);
    expect(new Set(bodies()).size).toBe(12);
  });

  it('goes on after it was killed, and no answer that came is asked for again', async () => {
    const state = folder.file('killed.db');
    const { clock: _, ...options } = await online(chooseLongest, {
      state,
      concurrency: 1,
      timeoutMs: 60_000,
    });
    let seen = 0;
    const elsewhere = await startOpenAiServer({
      chat: (prompt) => {
        seen += 1;
        if (seen === 4) child.kill('SIGKILL');
        return seen >= 4 ? { fault: 'hang' } : chooseLongest(prompt);
      },
    });
    const url = `${elsewhere.url}/v1`;
    // The same server to us: where it is served is part of what is asked.
    await server!.close();
    const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify({ ...options, baseUrl: url })], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    await once(child, 'exit');
    const port = Number(new URL(url).port);
    const before = elsewhere.requests.map(({ body, answered }) => ({ body: JSON.stringify(body), answered }));
    await elsewhere.close();
    server = await startOpenAiServer({ chat: chooseLongest, port });
    const resumed = await simulate({ ...options, baseUrl: url });
    expect(resumed).toMatchObject({ end: 'complete', missing: [] });
    const answered = new Set(before.filter((request) => request.answered).map(({ body }) => body));
    expect(answered.size).toBe(3);
    expect(bodies().filter((body) => answered.has(body))).toEqual([]);
    expect(server.requests).toHaveLength(12 - 3);
  });

  it('stops at a cap, while arms that cost nothing go on; with more money it goes on too', async () => {
    const state = folder.file('caps.db');
    const options = await online(chooseLongest, { state, maxCalls: 3, concurrency: 1 });
    const capped = await simulate(options);
    expect(capped.end).toBe('budget');
    expect(capped.cells.filter(({ arm }) => arm === 'random')).toHaveLength(4);
    expect(capped.missing.every(({ arm, because }) => arm === CHOOSER && because.includes('3 of 3 calls'))).toBe(true);
    expect(capped.missing.length).toBeGreaterThan(0);
    expect(server!.requests).toHaveLength(3);
    const { maxCalls: _, ...uncapped } = options;
    expect(await simulate(uncapped)).toMatchObject({ end: 'complete', missing: [] });
    expect(server!.requests).toHaveLength(12);
  });

  it('tells an arm that was not started which arm stopped the run, and not what that arm was asking', async () => {
    const options = await online(chooseLongest, { maxCalls: 1, concurrency: 1 });
    const { missing } = await simulate({ ...options, strategies: [CHOOSER, 'alpagasus:judge=llm'] });
    const reasonsOf = (name: string) =>
      new Set(missing.filter(({ arm }) => arm === name).map(({ because }) => because));
    const [reason] = reasonsOf(CHOOSER);
    expect(reason).not.toContain('not begun');
    expect(reasonsOf('alpagasus:judge=llm')).toEqual(new Set([`not started, because ${CHOOSER} stopped: ${reason}`]));
  });

  it('never spends more than the cap in dollars', async () => {
    const { total } = await planSimulation(await online(chooseLongest));
    const maxMicroUsd = Math.floor(total.costMicroUsd.expected / 2);
    await server!.close();
    const result = await simulate(await online(chooseLongest, { maxMicroUsd, concurrency: 1 }));
    expect(result.end).toBe('budget');
    expect(result.spentMicroUsd).toBeLessThanOrEqual(maxMicroUsd);
  });

  it('stops when the key is wrong, while the others go on', async () => {
    const result = await simulate(await online(() => ({ fault: 'status', status: 401 })));
    expect(result.end).toBe('provider');
    expect(result.cells.map(({ arm }) => arm)).toEqual(['random', 'random', 'random', 'random']);
  });

  it('has no cell where a query got no usable reply, until it is asked again', async () => {
    let bad = true;
    const state = folder.file('retried.db');
    const options = await online((prompt) => (bad ? chooseBadly('malformed', prompt) : chooseLongest(prompt)), {
      state,
      seeds: [0],
    });
    const short = await simulate(options);
    expect(short.end).toBe('complete');
    expect(short.missing.map(({ because }) => because)).toEqual([
      expect.stringContaining('only 0 were chosen; 2 of 2 queries got no usable reply'),
      expect.stringContaining('4 of 4 queries'),
    ]);
    const asked = server!.requests.length;
    bad = false;
    expect((await simulate(options)).missing).toHaveLength(2);
    expect(server!.requests).toHaveLength(asked);
    expect((await planSimulation({ ...options, retryFailed: true })).total.calls.expected).toBe(6);
    expect(await simulate({ ...options, retryFailed: true })).toMatchObject({ missing: [] });
  });

  it('plans what it judges again, where judgments could not be used', async () => {
    const options = await online(() => ({ text: 'Four.' }), {
      state: folder.file('rejudged.db'),
      strategies: ['random', 'alpagasus:threshold=0'],
      seeds: [0],
    });
    const planned = async (more: Partial<SimulateOptions>) => (await planSimulation({ ...options, ...more })).total;
    const { calls } = await planned({});
    await simulate(options);
    expect((await planned({})).calls.worstCase).toBe(0);
    const again = await planned({ retryFailed: true });
    expect(again.calls).toEqual(calls);
    expect(again.costMicroUsd.expected).toBeGreaterThan(0);
    const asked = server!.requests.length;
    const declined = simulate({ ...options, retryFailed: true, confirm: async () => false });
    await expect(declined).rejects.toMatchObject({ code: 'DECLINED' });
    expect(server!.requests).toHaveLength(asked);
  });

  it('is asked about nothing before there is consent, and costs no more than the plan says', async () => {
    const options = await online(chooseLongest);
    const plans: SimulationPlan[] = [];
    const refused = simulate({
      ...options,
      confirm: async (plan) => {
        plans.push(plan);
        return false;
      },
    });
    await expect(refused).rejects.toMatchObject({ code: 'DECLINED' });
    expect(server!.requests).toHaveLength(0);
    const [plan] = plans;
    expect(plan!.total.calls.expected).toBe(12);
    expect(plan).toEqual(await planSimulation(options));
    const { spentMicroUsd } = await simulate(options);
    expect(server!.requests).toHaveLength(12);
    expect(spentMicroUsd).toBeLessThanOrEqual(plan!.total.costMicroUsd.worstCase);
  });

  it('measures every instruction once, however many arms, budgets and seeds there are', async () => {
    const rate: ChatAnswerer = ({ text }) => ({
      text: JSON.stringify({ score: 3 + (text.length % 3), reason: 'so it seems' }),
    });
    const strategies = ['alpagasus:threshold=1', 'car:judge=llm', 'car:perCluster=2'];
    const options = await online(rate, { strategies, seeds: [0, 1, 2] });
    const plan = await planSimulation(options);
    const result = await simulate(options);
    expect(result).toMatchObject({ end: 'complete', missing: [] });
    expect(server!.requests.length).toBeLessThanOrEqual(60);
    expect(plan.total.calls.expected).toBe(server!.requests.length);
    expect(plan.arms.map(({ choosing }) => choosing.calls.expected)).toEqual([server!.requests.length, 0, 0]);
  });

  it('is asked nothing twice for other settings: they share what was judged, and what was spent', async () => {
    const rate: ChatAnswerer = ({ text }) => ({ text: JSON.stringify({ score: 3 + (text.length % 3), reason: 'so' }) });
    const state = folder.file('settings.db');
    const options = await online(rate, { state, strategies: ['alpagasus:threshold=1'], seeds: [0] });
    const first = await simulate(options);
    expect(server!.requests).toHaveLength(48);
    const others: Partial<SimulateOptions>[] = [{ heldOut: 6 }, { sample: 20 }, { dedupeThreshold: 0.9 }];
    for (const other of others) {
      const { end, missing } = await simulate({ ...options, ...other });
      expect({ end, missing }).toEqual({ end: 'complete', missing: [] });
    }
    // Of six that were held out, and are now in the pool.
    expect(server!.requests).toHaveLength(48 + 6);
    expect(new Set(bodies()).size).toBe(54);
    expect((await simulate(options)).spentMicroUsd).toBeGreaterThan(first.spentMicroUsd);
  });
});
