import { callLimitedServer, type LimitedServerOptions } from '../test/support/limited-server.ts';
import type { Benchmark } from './benchmark.ts';

const CASES: readonly (readonly [string, Omit<LimitedServerOptions, 'latencyMs'>])[] = [
  ['300 requests/min', { limits: [{ of: 'requests', perMinute: 300, burst: 300 }] }],
  ['300 requests/min in headers', { limits: [{ of: 'requests', perMinute: 300, burst: 300 }], states: true }],
  ['60 requests/min, 1 at once', { limits: [{ of: 'requests', perMinute: 60, burst: 1 }] }],
  ['300k tokens/min', { limits: [{ of: 'tokens', perMinute: 300_000, burst: 300_000 }] }],
  ['300k tokens/min in headers', { limits: [{ of: 'tokens', perMinute: 300_000, burst: 300_000 }], states: true }],
  ['no limit', { limits: [] }],
];

/** Calls to a server with a latency of 1 s and rate limits, 64 at once at most. Seconds are those of a virtual clock. */
export const limitsBenchmark: Benchmark = {
  name: 'limits',
  async run({ quick }) {
    const calls = { count: quick ? 400 : 1_500, tokens: 1_600, reserved: 2_400, concurrency: 64 };
    const rows = [];
    for (const [limit, server] of CASES) {
      const { answered, refused, lost, ms, possible } = await callLimitedServer({ latencyMs: 1_000, ...server }, calls);
      const most = server.limits.length > 0 ? possible : (calls.concurrency * ms) / 1_000;
      rows.push({
        what: `${calls.count} calls, ${limit}, virtual time`,
        seconds: ms / 1_000,
        rate: `${((60_000 * answered) / ms).toFixed(0)} calls/min`,
        peer: `${share(answered / most)} of the most; ${share(refused / answered)} refused, ${lost} given up`,
      });
    }
    return rows;
  },
};

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
