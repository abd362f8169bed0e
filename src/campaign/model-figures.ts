import { z } from 'zod';
import type { Evaluation } from '../domain/round.ts';
import { pairedBootstrap } from '../math/paired-bootstrap.ts';
import { seededRandom } from '../math/random.ts';
import { type MeanInterval, mean, meanInterval } from '../math/statistics.ts';
import { stratifiedMean, stratifiedShare } from '../math/stratified.ts';
import { NECESSITY, type Scale } from '../selection/judges/criteria.ts';
import type { AnswerQuality } from './answer-quality.ts';
import { asStrata, type TestValue } from './test-set.ts';

/** Of word overlap, and of cosine similarity. */
const SHARES: Scale = { min: 0, max: 1 };
const COSINES: Scale = { min: -1, max: 1 };

const interval = z.object({ low: z.number(), high: z.number() });
export const estimate = z.object({
  /** How many items it is from. */
  count: z.int(),
  mean: z.number(),
  /** 95 %; null where there are too few items. */
  interval: interval.nullable(),
});
/** A figure with what it is worth. */
export type Estimate = Readonly<z.output<typeof estimate>>;

const change = z.object({
  /** The round of the earlier model. */
  since: z.int(),
  /** The items that both models answered. */
  on: z.enum(['test', 'pool']),
  count: z.int(),
  /** Failure rates on these items, 0–1. */
  before: z.number(),
  after: z.number(),
  /** After less before, item by item. */
  failureRate: estimate,
  score: estimate,
});
/** Two models on the same items. */
export type ModelChange = Readonly<z.output<typeof change>>;

export const modelFigures = z.object({
  /** On the test set, else on test files, else on held-out labels; null where there are none. */
  test: z
    .object({
      from: z.enum(['test-set', 'test-files', 'held-out-labels']),
      score: estimate,
      /** 0–1. */
      failureRate: estimate,
      /** Of the answers against people's, 0–1; null where no item has a person's answer any more. */
      rougeL: estimate.nullable(),
      chrF: estimate.nullable(),
      cosine: estimate.nullable(),
    })
    .nullable(),
  /** The mean score on the unlabeled instructions that were evaluated; null where none was. */
  poolScore: estimate.nullable(),
  /** Against the model before and the first one, on the test set and on the pool. */
  changes: z.array(change),
});
export type ModelFigures = Readonly<z.output<typeof modelFigures>>;

/** An answer to a test item, with what is known of it. */
export interface TestAnswer extends Omit<TestValue, 'value'> {
  readonly itemId: string;
  readonly judge: string;
  readonly score: number;
}

/** The answers of one model that have a usable judgment. */
export interface JudgedAnswers {
  readonly round: number;
  readonly test: readonly TestAnswer[];
  readonly pool: readonly Evaluation[];
}

/**
 * What a model is worth on the test set, and how it differs from earlier ones, each on the items both answered. Pure.
 * @param given.quality by item of the test set
 * @param given.threshold answers that score below it fail
 */
export function figuresOf(
  answers: JudgedAnswers,
  earlier: readonly JudgedAnswers[],
  given: {
    readonly from: NonNullable<ModelFigures['test']>['from'];
    readonly quality: ReadonlyMap<string, AnswerQuality>;
    readonly threshold: number;
    readonly seed: number;
  },
): ModelFigures {
  const { from, quality, threshold, seed } = given;
  const now = byItem(answers);
  const fails = (score: number) => (score < threshold ? 1 : 0);
  const of = (value: (answer: TestAnswer) => number | undefined) =>
    asStrata(now.test.flatMap((answer) => withValue(answer, value(answer))));
  const measured = (key: keyof AnswerQuality, scale: Scale) => {
    const strata = of(({ itemId }) => quality.get(itemId)?.[key]);
    return strata.length === 0 ? null : onScale(stratifiedMean(strata), scale);
  };
  const pool = scored(now.pool).map(({ score }) => score);
  const rate = now.test.length === 0 ? undefined : stratifiedShare(of(({ score }) => fails(score)));
  return {
    test:
      rate === undefined
        ? null
        : {
            from,
            score: onScale(stratifiedMean(of(({ score }) => score)), NECESSITY.scale),
            failureRate: { count: rate.count, mean: rate.share, interval: rate.interval },
            rougeL: measured('rougeL', SHARES),
            chrF: measured('chrF', SHARES),
            cosine: measured('cosine', COSINES),
          },
    poolScore: pool.length === 0 ? null : onScale(meanInterval(pool), NECESSITY.scale),
    changes: earlier.flatMap((before) => [...testChange(now, before, fails, seed), ...poolChange(now, before, fails)]),
  };
}

/** The bootstrap draws by place, and sums round by it: the order in which answers happened to come must not count. */
function byItem({ round, test, pool }: JudgedAnswers): JudgedAnswers {
  const sorted = <T extends { readonly itemId: string }>(answers: readonly T[]) =>
    answers.toSorted((a, b) => (a.itemId < b.itemId ? -1 : 1));
  return { round, test: sorted(test), pool: sorted(pool) };
}

function withValue({ item }: TestAnswer, value: number | undefined): TestValue[] {
  return value === undefined ? [] : [{ item, value }];
}

function testChange(now: JudgedAnswers, before: JudgedAnswers, fails: (score: number) => number, seed: number) {
  const pairs = pairsOf(now.test, before.test);
  if (pairs.length === 0) return [];
  const difference = (value: (score: number) => number, label: string) => {
    const strata = asStrata(pairs.map(([a, b]) => ({ item: a.item, value: value(a.score) - value(b.score) })));
    return asEstimate(
      pairedBootstrap(strata, { random: seededRandom(seed, 'paired', label, now.round, before.round) }),
    );
  };
  const rate = (of: (pair: (typeof pairs)[number]) => TestAnswer) =>
    stratifiedMean(asStrata(pairs.map((pair) => ({ item: pair[0].item, value: fails(of(pair).score) })))).mean;
  return [
    {
      since: before.round,
      on: 'test' as const,
      count: pairs.length,
      before: rate(([, b]) => b),
      after: rate(([a]) => a),
      failureRate: difference(fails, 'failures'),
      score: difference((score) => score, 'score'),
    },
  ];
}

/** Of a pool there may be very many answers: the interval is Student's. */
function poolChange(now: JudgedAnswers, before: JudgedAnswers, fails: (score: number) => number): ModelChange[] {
  const pairs = pairsOf(scored(now.pool), scored(before.pool));
  if (pairs.length === 0) return [];
  return [
    {
      since: before.round,
      on: 'pool',
      count: pairs.length,
      before: mean(pairs.map(([, b]) => fails(b.score))),
      after: mean(pairs.map(([a]) => fails(a.score))),
      failureRate: asEstimate(meanInterval(pairs.map(([a, b]) => fails(a.score) - fails(b.score)))),
      score: asEstimate(meanInterval(pairs.map(([a, b]) => a.score - b.score))),
    },
  ];
}

function scored(evaluations: readonly Evaluation[]): TestAnswer[] {
  return evaluations.flatMap(({ itemId, judge, score }) => (score === null ? [] : [{ itemId, judge, score }]));
}

/** Items that both answered, judged by the same judge: scores of two judges do not compare. */
function pairsOf(now: readonly TestAnswer[], before: readonly TestAnswer[]): [TestAnswer, TestAnswer][] {
  const earlier = new Map(before.map((answer) => [answer.itemId, answer]));
  return now.flatMap((answer): [TestAnswer, TestAnswer][] => {
    const was = earlier.get(answer.itemId);
    return was === undefined || was.judge !== answer.judge ? [] : [[answer, was]];
  });
}

export function asEstimate({ count, mean: middle, interval: range }: MeanInterval): Estimate {
  return { count, mean: middle, interval: range === undefined ? null : { low: range.low, high: range.high } };
}

/** With few values an interval may reach beyond the scale, where no mean can be. */
function onScale(mean: MeanInterval, { min, max }: Scale): Estimate {
  const { interval, ...estimate } = asEstimate(mean);
  return {
    ...estimate,
    interval: interval && { low: Math.max(min, interval.low), high: Math.min(max, interval.high) },
  };
}
