import { z } from 'zod';
import { BUCKETS, MANY_BUCKETS } from './hashed-wording.ts';
import { INSTRUCTION_KINDS } from './read-pair.ts';

export const SCORER_FORMAT = 'winnow-expert-scorer';
/** Raised when features, spelling or hashing change. */
export const SCORER_VERSION = 2;
/** Scorers of these versions can be used: each has its features by name, and its own number of buckets. */
export const BUCKETS_BY_VERSION: ReadonlyMap<number, number> = new Map([
  [1, MANY_BUCKETS],
  [SCORER_VERSION, BUCKETS],
]);

const share = z.number().min(0).max(1);
const measured = z.strictObject({ pairs: z.int().positive(), accuracy: share });
const crossValidated = measured.extend({
  /** How often the longer response is the better one, on the same pairs. */
  longer: share.optional(),
  /** The middle 95 % of the gain over length, of resampled pairs. */
  gain: z.array(z.number()).length(2).optional(),
});

/** A fitted scorer as it is stored. */
export const scorerWeightsSchema = z.strictObject({
  format: z.literal(SCORER_FORMAT),
  version: z.literal([1, SCORER_VERSION]),
  /** Those of its version, by name; `typical` is the mean over training responses. */
  features: z.array(z.strictObject({ name: z.string(), weight: z.number(), typical: z.number() })),
  wording: z
    .strictObject({
      /** Ascending. */
      buckets: z.array(
        z
          .int()
          .min(0)
          .max(MANY_BUCKETS - 1),
      ),
      /** One per bucket, in multiples of `unit`. */
      weights: z.array(z.int()),
      unit: z.number().positive(),
      /** The contribution of wording to the mean training response. */
      typical: z.number(),
    })
    .refine(({ buckets, weights }) => buckets.length === weights.length, 'must have as many weights as buckets'),
  /** How much the mean training response to such an instruction scores above the overall mean; subtracted from scores. */
  kinds: z.record(z.enum(INSTRUCTION_KINDS), z.number()),
  /** Scores below which 0.5 %, 1 %, … 99.5 % of the training responses lie, ascending. */
  quantiles: z
    .array(z.number())
    .min(2)
    .refine((values) => values.every((value, i) => i === 0 || value > values[i - 1]!), 'must rise'),
  training: z.strictObject({
    pairs: z.int().positive(),
    seed: z.int(),
    penalties: z.strictObject({ features: z.number().positive(), wording: z.number().positive() }),
    /** Out of fold: fits and choices of penalties to four fifths each, measured on the other fifth. */
    crossValidated,
    /** On other pairs. In version 1 they chose the penalty of the wording. */
    validation: measured.optional(),
  }),
});

export type ScorerWeights = z.infer<typeof scorerWeightsSchema>;
