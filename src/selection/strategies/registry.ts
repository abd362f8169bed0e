import { Registry } from '../../domain/registry.ts';
import { alpaGasusStrategy } from './alpagasus.ts';
import { carStrategy } from './car/car.ts';
import { deitaStrategy } from './deita.ts';
import { facilityLocationStrategy } from './facility-location.ts';
import { herdingStrategy } from './herding.ts';
import { ifdStrategy } from './ifd.ts';
import { kCenterStrategy } from './k-center.ts';
import { kMeansStrategy } from './k-means.ts';
import { lengthStrategy } from './length.ts';
import { migStrategy } from './mig/mig.ts';
import { mixStrategy } from './mix/mix.ts';
import { modsStrategy } from './mods.ts';
import { novelselectStrategy } from './novelselect.ts';
import { openEndednessStrategy } from './open-endedness.ts';
import { perplexityStrategy } from './perplexity.ts';
import { randomStrategy } from './random.ts';
import { rougeStrategy } from './rouge.ts';
import { selectLlmStrategy } from './select-llm/select-llm.ts';
import type { Strategy } from './strategy.ts';
import { targetedStrategy } from './targeted/targeted.ts';
import { taskDiversityStrategy } from './task-diversity.ts';
import { typiclustStrategy } from './typiclust.ts';
import { uncertaintyStrategy } from './uncertainty.ts';

/** Every strategy. Add a new one here. */
export const STRATEGIES = new Registry<Strategy>('strategy', [
  facilityLocationStrategy,
  selectLlmStrategy,
  kMeansStrategy,
  kCenterStrategy,
  herdingStrategy,
  typiclustStrategy,
  novelselectStrategy,
  taskDiversityStrategy,
  targetedStrategy,
  uncertaintyStrategy,
  carStrategy,
  deitaStrategy,
  migStrategy,
  modsStrategy,
  alpaGasusStrategy,
  ifdStrategy,
  rougeStrategy,
  lengthStrategy,
  perplexityStrategy,
  openEndednessStrategy,
  randomStrategy,
]);
STRATEGIES.add(mixStrategy(STRATEGIES));

/**
 * The strategy where none is named. Without an LLM: what beats chance in replays (docs/choosing.md).
 * @param hasLlm whether there is one to choose, other than the offline stand-in
 */
export function defaultStrategy(hasLlm: boolean): string {
  return hasLlm ? selectLlmStrategy.name : facilityLocationStrategy.name;
}
