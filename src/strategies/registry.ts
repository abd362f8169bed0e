import { UsageError } from '../errors/usage-error.ts';
import { alpaGasusStrategy } from './alpagasus.ts';
import { facilityLocationStrategy } from './facility-location.ts';
import { kCenterStrategy } from './k-center.ts';
import { kMeansStrategy } from './k-means.ts';
import { randomStrategy } from './random.ts';
import { selectLlmStrategy } from './select-llm/select-llm.ts';
import type { Strategy } from './strategy.ts';

/** Every strategy, the default first. A new one is added here and nowhere else. */
export const STRATEGIES: readonly Strategy[] = [
  selectLlmStrategy,
  facilityLocationStrategy,
  kMeansStrategy,
  kCenterStrategy,
  alpaGasusStrategy,
  randomStrategy,
];

/** @throws UsageError listing the strategies */
export function findStrategy(name: string): Strategy {
  const strategy = STRATEGIES.find((candidate) => candidate.name === name);
  if (!strategy) {
    throw new UsageError(`There is no strategy "${name}".`, `Use one of: ${STRATEGIES.map((s) => s.name).join(', ')}.`);
  }
  return strategy;
}
