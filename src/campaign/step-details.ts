import { z } from 'zod';
import { estimate, modelFigures } from './model-figures.ts';
import type { RoundOutcome } from './stopping-rules.ts';

// What finished steps stored that later decisions read.

export const exportDetails = z.object({
  /** Relative to the campaign's folder. */
  path: z.string(),
  tool: z.string(),
  tasks: z.int(),
  /** How many of them come with an answer of the seed model to correct. */
  drafts: z.int(),
  /** What was sent to the annotation tool; null where it is not connected over HTTP. */
  pushed: z.object({ created: z.int(), present: z.int(), url: z.string() }).nullable(),
});
export type ExportDetails = Readonly<z.output<typeof exportDetails>>;

export const evaluateDetails = z.object({
  model: z.string(),
  judge: z.string(),
  /** Unlabeled instructions that were answered. */
  pool: z.int(),
  /** How many unlabeled instructions there are. */
  remaining: z.int(),
  /** Labeled instructions it was not trained on. */
  heldOut: z.int(),
  /** Instructions of the test files. */
  test: z.int(),
});
export type EvaluateDetails = Readonly<z.output<typeof evaluateDetails>>;

const roundOutcome = z.object({
  round: z.int(),
  failureRate: z.number().nullable(),
  failures: z.int(),
  improvement: z.number().nullable(),
  coverageRadius: z.number().nullable(),
}) satisfies z.ZodType<RoundOutcome>;

export const findFailuresDetails = roundOutcome.extend({
  model: z.string(),
  threshold: z.number(),
  /** In the campaign at that time. Later ones have greater positions. */
  instructions: z.int(),
  /** Unlabeled instructions with a score. */
  evaluated: z.int(),
  /** Without a usable judgment: they count neither as failures nor as successes. */
  unjudged: z.int(),
  /** Mean scores; null where there is nothing to score. */
  poolScore: z.number().nullable(),
  heldOutScore: z.number().nullable(),
  testScore: z.number().nullable(),
  /** Where the items come from that the improvement was measured on: those that both models answered. */
  comparedOn: z.enum(['test', 'held-out']).nullable(),
  /** The improvement with its number of items and interval. Absent for rounds of earlier versions. */
  gain: estimate.nullable().exactOptional(),
  /** With their numbers of items and intervals. Absent for rounds of winnow 0.1. */
  figures: modelFigures.exactOptional(),
});
export type FindFailuresDetails = Readonly<z.output<typeof findFailuresDetails>>;
