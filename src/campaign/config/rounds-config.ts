import { z } from 'zod';
import { count, share } from '../../domain/option-values.ts';
import { jsonSchemaOf } from '../../domain/options.ts';
import { CRITERIA, NECESSITY } from '../../selection/judges/criteria.ts';
import { defaultStrategy, STRATEGIES } from '../../selection/strategies/registry.ts';
import type { Strategy } from '../../selection/strategies/strategy.ts';
import { optionsOf } from '../../selection/strategies/strategy-options.ts';
import { strategyOptionsProblem } from './strategy-options-problem.ts';

const strategyOptions = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({});

/** A strategy with its own options, for editors, which complete and check them. */
function withItsOptions(strategy: Strategy) {
  return {
    type: 'object',
    properties: { strategy: { const: strategy.name }, options: jsonSchemaOf(optionsOf(strategy).strict()) },
    ...(isDefault(strategy.name) ? {} : { required: ['strategy'] }),
  };
}

const isDefault = (strategy: string) => strategy === defaultStrategy(true) || strategy === defaultStrategy(false);

function seedRound() {
  return z
    .strictObject({
      strategy: z
        .enum(STRATEGIES.names)
        .default(defaultStrategy(false))
        .describe(`how instructions are chosen; with an LLM in llm, ${defaultStrategy(true)} by default`),
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

/** Ways of choosing that have nothing to choose from but what the model fails at. */
const CHOOSES_FAILURES: ReadonlySet<string> = new Set(['cover', 'mods', 'selectllm']);

/** For which `select` a setting is refused, because it would do nothing. */
const IDLE_FOR = {
  failureWeight: ['cover', 'mods', 'selectllm', 'random', 'strategy'],
  cover: ['mods', 'strategy'],
  weighted: ['pool', 'mods', 'strategy'],
  strategy: ['pool', 'cover', 'mods', 'selectllm', 'random'],
} satisfies Record<string, readonly string[]>;

function necessityRounds() {
  return z
    .strictObject({
      count: count.default(100).describe('how many are chosen a round'),
      threshold: z.number().min(1).max(10).default(6).describe('a response the judge scores below it is a failure'),
      calibrate: z
        .boolean()
        .default(false)
        .describe(
          "whether the threshold becomes the score that fits people's decisions on drafts best, once 20 are in",
        ),
      evaluate: count.default(500).describe('most instructions the seed model answers a round'),
      select: z
        .enum(['pool', 'cover', 'mods', 'selectllm', 'random', 'strategy'])
        .default('pool')
        .describe(
          'pool: cover all that is unlabeled; cover: cover the failures alone; mods: the same as MoDS does, by k-center and unweighted; selectllm: the LLM chooses among the failures; random: a draw from all, as a baseline; strategy: any strategy chooses from all that is unlabeled',
        ),
      strategy: z.enum(STRATEGIES.names).optional().describe('strategy: which one, such as uncertainty'),
      failureWeight: z
        .number()
        .min(0)
        .max(1_000)
        .optional()
        .describe(
          'pool: how much more the worst failure counts than what passed; by default 0, which goes on as if nothing failed',
        ),
      cover: z
        .enum(['k-center', 'facility-location', 'k-means'])
        .optional()
        .describe('pool, cover: how they cover, by default facility-location; k-center is drawn to outliers'),
      weighted: z
        .boolean()
        .optional()
        .describe('cover, selectllm: whether worse failures count for more, by default true'),
      options: strategyOptions.describe('options of selectllm or of the strategy, as in the seed round'),
    })
    .superRefine(({ count: chosen, evaluate, select, options, ...given }, context) => {
      if (chosen > evaluate && CHOOSES_FAILURES.has(select)) {
        const message = `is ${chosen}, but only what is evaluated can fail: lower it or raise evaluate, which is ${evaluate}`;
        context.addIssue({ code: 'custom', path: ['count'], message });
      }
      for (const [name, idle] of Object.entries(IDLE_FOR)) {
        if (given[name as keyof typeof IDLE_FOR] === undefined || !idle.includes(select)) continue;
        context.addIssue({ code: 'custom', path: [name], message: `does nothing for select: ${select}; leave it out` });
      }
      const [first] = Object.keys(options);
      if (select === 'strategy' && given.strategy === undefined) {
        context.addIssue({
          code: 'custom',
          path: ['strategy'],
          message: 'is missing: select: strategy needs its name',
        });
        return;
      }
      const chooser = select === 'strategy' ? given.strategy : select === 'selectllm' ? 'selectllm' : undefined;
      const problem =
        chooser !== undefined
          ? strategyOptionsProblem(chooser, options)
          : first === undefined
            ? undefined
            : {
                path: ['options', first],
                message: `does nothing for select: ${select}; set select to selectllm or strategy`,
              };
      if (problem) context.addIssue({ code: 'custom', ...problem });
    });
}

export function rounds() {
  return z.strictObject({
    most: count.default(10).describe('how many rounds there are at most, the seed round included'),
    seed: seedRound().prefault({}).describe('the first round: chosen before there is a model'),
    necessity: necessityRounds().prefault({}).describe('later rounds: chosen once there is a seed model'),
    control: share
      .max(0.9)
      .optional()
      .describe('share of each round that is drawn at random, to measure what selecting gains; by default 0.2'),
    perMinute: z
      .boolean()
      .default(false)
      .describe('whether to choose what gains most per expected minute of work; with facility-location'),
    adapt: z
      .boolean()
      .default(false)
      .describe('whether to switch to another strategy when selecting has not beaten chance after two rounds'),
  });
}

export const control = z.strictObject({
  train: z
    .boolean()
    .default(false)
    .describe(
      'whether to pay for two more trainings a round, of selected and of random labels, to measure what selecting gains; free trainers do so anyway',
    ),
});

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
