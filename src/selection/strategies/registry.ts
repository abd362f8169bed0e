import { UsageError } from '../../domain/errors.ts';
import { alpaGasusStrategy } from './alpagasus.ts';
import { carStrategy } from './car/car.ts';
import { deitaStrategy } from './deita.ts';
import { facilityLocationStrategy } from './facility-location.ts';
import { kCenterStrategy } from './k-center.ts';
import { kMeansStrategy } from './k-means.ts';
import { lengthStrategy } from './length.ts';
import { modsStrategy } from './mods.ts';
import { openEndednessStrategy } from './open-endedness.ts';
import { perplexityStrategy } from './perplexity.ts';
import { randomStrategy } from './random.ts';
import { rougeStrategy } from './rouge.ts';
import { selectLlmStrategy } from './select-llm/select-llm.ts';
import type { Strategy } from './strategy.ts';

/** Every strategy, the default first. A new one is added here and nowhere else. */
export const STRATEGIES: readonly Strategy[] = [
  selectLlmStrategy,
  facilityLocationStrategy,
  kMeansStrategy,
  kCenterStrategy,
  carStrategy,
  deitaStrategy,
  modsStrategy,
  alpaGasusStrategy,
  rougeStrategy,
  lengthStrategy,
  perplexityStrategy,
  openEndednessStrategy,
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
