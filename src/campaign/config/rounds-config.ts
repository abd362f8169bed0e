import { z } from 'zod';
import { count, share } from '../../domain/option-values.ts';
import { jsonSchemaOf } from '../../domain/options.ts';
import { CRITERIA, NECESSITY } from '../../selection/judges/criteria.ts';
import { STRATEGIES } from '../../selection/strategies/registry.ts';
import type { Strategy } from '../../selection/strategies/strategy.ts';
import { optionsOf } from '../../selection/strategies/strategy-options.ts';
import { strategyOptionsProblem } from './strategy-options-problem.ts';

const strategyOptions = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({});

/** A strategy with its own options, for editors, which complete and check them. The first strategy is the default. */
function withItsOptions(strategy: Strategy, index: number) {
  return {
    type: 'object',
    properties: { strategy: { const: strategy.name }, options: jsonSchemaOf(optionsOf(strategy).strict()) },
    ...(index === 0 ? {} : { required: ['strategy'] }),
  };
}

function seedRound() {
  return z
    .strictObject({
      strategy: z.enum(STRATEGIES.names).default('selectllm').describe('how instructions are chosen'),
      count: count.default(100).describe('how many are chosen'),
      options: strategyOptions.describe(
        'options of the strategy, as on the command line but in camel case: perQuery, scoreField, …',
      ),
    })
    .superRefine(({ strategy, options }, context) => {
      const problem = strategyOptionsProblem(strategy, options);
      if (problem) context.addIssue({ code: 'custom', ...problem });
    })
    .meta({ anyOf: [...STRATEGIES].map(withItsOptions) });
}

const necessityRounds = z
  .strictObject({
    count: count.default(100).describe('how many are chosen a round'),
    threshold: z.number().min(1).max(10).default(6).describe('a response the judge scores below it is a failure'),
    evaluate: count.default(500).describe('most instructions the seed model answers a round'),
    select: z
      .enum(['cover', 'selectllm', 'random'])
      .default('cover')
      .describe('choose failures that cover the others, let the LLM choose them, or draw from all, as a baseline'),
    cover: z
      .enum(['k-center', 'facility-location', 'k-means'])
      .default('facility-location')
      .describe("how cover covers; k-center is MoDS's way and drawn to outliers"),
    weighted: z.boolean().default(true).describe('whether worse failures count for more'),
    options: strategyOptions.describe('options of selectllm, as in the seed round'),
  })
  .superRefine(({ count: chosen, evaluate, select, options }, context) => {
    if (chosen > evaluate) {
      const message = `is ${chosen}, but only what is evaluated can fail: lower it or raise evaluate, which is ${evaluate}`;
      context.addIssue({ code: 'custom', path: ['count'], message });
    }
    const [given] = Object.keys(options);
    const problem =
      select === 'selectllm'
        ? strategyOptionsProblem('selectllm', options)
        : given === undefined
          ? undefined
          : { path: ['options', given], message: `does nothing for select: ${select}; set select to selectllm` };
    if (problem) context.addIssue({ code: 'custom', ...problem });
  });

export function rounds() {
  return z.strictObject({
    most: count.default(10).describe('how many rounds there are at most, the seed round included'),
    seed: seedRound().prefault({}).describe('the first round: chosen before there is a model'),
    necessity: necessityRounds.prefault({}).describe('later rounds: chosen from what the seed model fails at'),
  });
}

export const quality = z
  .strictObject({
    criterion: z
      .enum(CRITERIA.names.filter((name) => name !== NECESSITY.name))
      .default('quality')
      .describe(
        'quality and complexity (1–6) are of the instruction alone, the others of it with the response it came with',
      ),
    threshold: z
      .number()
      .min(0)
      .max(6)
      .default(2.5)
      .describe('instructions judged below it are left out; without quality none is judged'),
  })
  .superRefine(({ criterion, threshold }, context) => {
    const { min, max } = CRITERIA.find(criterion).scale;
    if (threshold >= min && threshold <= max) return;
    const message = `is off the scale of ${criterion}, which goes from ${min} to ${max}`;
    context.addIssue({ code: 'custom', path: ['threshold'], message });
  });

export const stop = z.strictObject({
  failureRateBelow: share.optional().describe('share of evaluated instructions that fail'),
  noImprovementRounds: count.optional().describe('rounds without a better held-out score'),
  leastImprovement: z.number().min(0).default(0.05).describe('what counts as better, in points of the judge (1–10)'),
  coverageRadiusBelow: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe('distance of the farthest instruction to a labeled one'),
});
