import type { PromptCandidate } from '../providers/llm-client.ts';
import { clarity } from './clarity.ts';
import { constraints } from './constraints.ts';
import { depth } from './depth.ts';
import { lengthSaturation } from './length-saturation.ts';
import { type Finding, type Reading, readCandidate } from './reading.ts';
import { specificity } from './specificity.ts';
import { steps } from './steps.ts';

/** What a task can be rich in. In the order reasons name them. */
export const RICHNESS_FEATURES: readonly ((reading: Reading) => Finding)[] = [
  steps,
  depth,
  constraints,
  specificity,
  lengthSaturation,
];

export interface Appraisal {
  /** In [0, 1]: how much a person's answer to this candidate promises to teach, other candidates aside. */
  readonly value: number;
  readonly clarity: Finding;
  /** One per RICHNESS_FEATURES, in its order. */
  readonly richness: readonly Finding[];
}

/**
 * The worth of one candidate by itself: clarity × the plain mean of the richness features. Looks at a bounded part of
 * the text only. Deterministic.
 *
 * Equal weights on purpose. Nothing is fitted, so nothing can be overfitted, and weights fitted by ridge regression to
 * 218 labeled difficulties predicted held-out ones no better (`scripts/measure-offline-ranker.ts` prints both). The cue
 * lists, though, were written by someone who had read some of those instructions, so the measured correlation is a
 * little flattering.
 *
 * Source: R. M. Dawes, "The robust beauty of improper linear models in decision making", 1979.
 */
export function appraise(candidate: Omit<PromptCandidate, 'id'>): Appraisal {
  const reading = readCandidate(candidate);
  const richness = RICHNESS_FEATURES.map((feature) => feature(reading));
  const clear = clarity(reading);
  const mean = richness.reduce((sum, { value }) => sum + value, 0) / richness.length;
  return { value: clear.value * mean, clarity: clear, richness };
}
