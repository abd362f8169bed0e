import { z } from 'zod';
import { BUCKETS } from './hashed-wording.ts';
import { INSTRUCTION_KINDS } from './read-pair.ts';

export const SCORER_FORMAT = 'winnow-expert-scorer';
/** Raised whenever features, spelling or hashing change: weights are valid for one version only. */
export const SCORER_VERSION = 1;

const share = z.number().min(0).max(1);
const measured = z.strictObject({ pairs: z.int().positive(), accuracy: share });

/** A fitted scorer as it is stored. */
export const scorerWeightsSchema = z.strictObject({
  format: z.literal(SCORER_FORMAT),
  version: z.literal(SCORER_VERSION),
  /** In the order of EXPERT_FEATURES; `typical` is the mean over training responses. */
  features: z.array(z.strictObject({ name: z.string(), weight: z.number(), typical: z.number() })),
  wording: z
    .strictObject({
      /** Ascending. */
      buckets: z.array(
        z
          .int()
          .min(0)
          .max(BUCKETS - 1),
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
    /** Five fits to four fifths each, measured on the other fifth. */
    crossValidated: measured,
    /** On the pairs that the penalty of the wording was chosen with. */
    validation: measured.optional(),
  }),
});

export type ScorerWeights = z.infer<typeof scorerWeightsSchema>;
