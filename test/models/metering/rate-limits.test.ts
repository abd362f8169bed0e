import { describe, expect, it } from 'vitest';
import { callLimitedServer, type ServerLimit } from '../../support/limited-server.ts';

const requests = (perMinute: number, burst = perMinute): ServerLimit => ({ of: 'requests', perMinute, burst });
const tokens = (perMinute: number, burst = perMinute): ServerLimit => ({ of: 'tokens', perMinute, burst });

/** Each call is counted as 1,600 tokens; more is reserved for it. */
const CALLS = { count: 1_500, tokens: 1_600, reserved: 2_400, concurrency: 64 };

describe('calls to a server with a latency of 1 s and a rate limit', () => {
  it.each([
    ['300 requests a minute', { limits: [requests(300)] }],
    ['300 requests a minute without a demanded wait', { limits: [requests(300)], demands: false }],
    ['300 requests a minute, 10 at once', { limits: [requests(300, 10)] }],
    ['300 requests in each minute', { limits: [requests(300)], byWindow: true }],
    ['300 requests in each minute, stated in headers', { limits: [requests(300)], byWindow: true, states: true }],
    ['300,000 tokens a minute', { limits: [tokens(300_000)] }],
  ])('reach nearly all of %s, with few refused and none given up', async (_, server) => {
    const run = await callLimitedServer({ latencyMs: 1_000, ...server }, CALLS);
    expect(run).toMatchObject({ answered: CALLS.count, lost: 0 });
    expect(run.answered / run.possible).toBeGreaterThanOrEqual(0.95);
    expect(run.refused / run.answered).toBeLessThanOrEqual(0.01);
  });

  it.each([
    ['300 requests', [requests(300)]],
    ['300,000 tokens', [tokens(300_000)]],
    ['300,000 tokens and 300 requests', [tokens(300_000), requests(300)]],
  ])('reach all of %s a minute where headers state it, and none is refused', async (_, limits) => {
    const run = await callLimitedServer({ latencyMs: 1_000, states: true, limits }, CALLS);
    expect(run).toMatchObject({ answered: CALLS.count, refused: 0 });
    expect(run.answered / run.possible).toBeGreaterThanOrEqual(0.99);
  });

  it.each([
    ['demands waits', {}],
    ['states its limits', { states: true }],
    ['says nothing', { demands: false }],
  ])('do not drown in refusals of one request a second that %s', async (_, server) => {
    const run = await callLimitedServer(
      { latencyMs: 1_000, limits: [requests(60, 1)], ...server },
      { ...CALLS, count: 400 },
    );
    expect(run).toMatchObject({ answered: 400, lost: 0 });
    expect(run.refused).toBeLessThanOrEqual(8);
    expect(run.answered / run.possible).toBeGreaterThanOrEqual(0.9);
  });

  it('reach nearly all of one request a second over a long run, with few refused', async () => {
    const run = await callLimitedServer({ latencyMs: 1_000, limits: [requests(60, 1)] }, CALLS);
    expect(run).toMatchObject({ answered: CALLS.count, lost: 0 });
    expect(run.answered / run.possible).toBeGreaterThanOrEqual(0.95);
    expect(run.refused / run.answered).toBeLessThanOrEqual(0.01);
  });

  it('never start together after a refusal', async () => {
    const { arrivalsMs, answered } = await callLimitedServer(
      { latencyMs: 1_000, limits: [requests(60, 1)] },
      { ...CALLS, count: 100 },
    );
    const together = arrivalsMs.filter((atMs, index) => index > 0 && atMs === arrivalsMs[index - 1]);
    expect(answered).toBe(100);
    // The first four, before anything was refused.
    expect(together).toEqual([0, 0, 0]);
  });

  it('keep 64 under way where nothing is limited', async () => {
    const { mostAtOnce, ms, answered } = await callLimitedServer({ latencyMs: 1_000, limits: [] }, CALLS);
    expect(mostAtOnce).toBe(64);
    // 1,500 calls of 64 at once take 23.4 s, and the start takes four more.
    expect((answered / ms) * 1_000).toBeGreaterThan(0.85 * 64);
  });
});
