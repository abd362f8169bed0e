import { UsageError } from '../src/domain/errors.ts';
import type { JsonObject } from '../src/domain/instruction.ts';
import { WinnowError } from '../src/domain/winnow-error.ts';
import { planSimulation, STRATEGIES } from '../src/index.ts';
import { parseArm } from '../src/runs/simulate/parse-arm.ts';

/** A strategy that the benchmark cannot run here. */
export interface LeftOut {
  readonly strategy: string;
  readonly because: string;
}

/** With the options of a strategy that has no defaults for them. */
const WITH_OPTIONS: Readonly<Record<string, string>> = {
  mix: 'mix:mix=facility-location=60+uncertainty=20+random=20',
};

/** Every strategy that runs without a key, random first, and the others with the reason. */
export function strategiesWithoutKey(): {
  readonly strategies: readonly string[];
  readonly leftOut: readonly LeftOut[];
} {
  const strategies: string[] = ['random'];
  const leftOut: LeftOut[] = [];
  for (const { name } of STRATEGIES) {
    if (name === 'random') continue;
    try {
      const arm = WITH_OPTIONS[name] ?? name;
      parseArm(arm, 'offline');
      strategies.push(arm);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      leftOut.push({ strategy: name, because: error.message });
    }
  }
  return { strategies, leftOut };
}

/** What choosing costs with an LLM. */
export interface StrategyCost {
  readonly strategy: string;
  readonly calls: number;
  readonly tokens: number;
  readonly expectedMicroUsd: number;
  readonly worstCaseMicroUsd: number;
}

/** The LLM whose prices are shown. It is not asked. */
export const PRICED_MODEL = { provider: 'openai', model: 'gpt-4o-mini' } as const;

/** What every strategy that can ask an LLM would cost for `count` picks. No call is made. */
export async function strategyCosts(
  records: readonly JsonObject[],
  count: number,
  cacheFolder: string | undefined,
): Promise<readonly StrategyCost[]> {
  const costs: StrategyCost[] = [];
  for (const { name } of STRATEGIES) {
    const plan = await planOf(name, records, count, cacheFolder);
    const choosing = plan?.arms[0]?.choosing;
    if (!choosing || choosing.calls.expected === 0) continue;
    costs.push({
      strategy: name,
      calls: choosing.calls.expected,
      tokens: choosing.tokens.expected,
      expectedMicroUsd: choosing.costMicroUsd.expected,
      worstCaseMicroUsd: choosing.costMicroUsd.worstCase,
    });
  }
  return costs;
}

/** undefined where the strategy cannot run on this data or with this provider. */
async function planOf(
  strategy: string,
  records: readonly JsonObject[],
  count: number,
  cacheFolder: string | undefined,
) {
  try {
    return await planSimulation({
      labeled: records,
      strategies: [strategy],
      budgets: [count],
      seeds: [0],
      sample: 0,
      ...PRICED_MODEL,
      apiKey: 'not-used',
      ...(cacheFolder === undefined ? {} : { cacheFolder }),
      state: '.winnow/no-such-benchmark.db',
    });
  } catch (error) {
    if (error instanceof WinnowError) return undefined;
    throw error;
  }
}
