import { z } from 'zod';
import { ReplyError } from '../../domain/errors.ts';
import type { LabeledExample } from '../../domain/label.ts';
import { type MicroUsd, type Range, sumRanges } from '../../domain/money.ts';
import { concurrently } from '../../engine/concurrently.ts';
import { seededRandom } from '../../math/random.ts';
import { mean } from '../../math/statistics.ts';
import type { SeedModel } from '../../trainers/seed-model.ts';
import { answerRougeL } from '../answer-quality.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { isImmediate } from '../config/trainer-config.ts';
import { controlItems } from '../test-set.ts';
import { type StoredExample, splitLabels, trainedExamples } from '../training-split.ts';
import { ARMS, type ArmLabels, comparedModel, comparedTrainingsWorstCase } from './compared-models.ts';
import type { Comparison } from './selection-gain.ts';

const comparison = z.object({
  round: z.int(),
  labels: z.int(),
  items: z.array(z.string()),
  selected: z.array(z.number()),
  random: z.array(z.number()),
  curve: z.array(z.object({ labels: z.int(), scores: z.array(z.number()) })),
}) satisfies z.ZodType<Comparison>;

/** With fewer controls, models are too poor to compare. */
const FEWEST_LABELS = 3;
/** Shares of the controls that the learning curve is measured at, and how many draws of each are averaged. */
const CURVE_SHARES = [0.25, 0.5, 0.75];
const CURVE_DRAWS = 6;
/** Replays strategies where the campaign's own trainer costs something. */
const FREE_TRAINER = 'retrieval';

/** A comparison that is ready to run. */
export interface PreparedComparison {
  /** The most that is still to be paid for trainings, and what the answers of their models can cost. */
  readonly trainingMicroUsd: MicroUsd;
  readonly llmMicroUsd: Range;
  /** How many answers are asked for. */
  readonly answers: number;
  run(): Promise<void>;
}

/**
 * Compares a model trained on selected labels with one trained on as many controls, on the test set, and keeps the
 * result. From each round as many selected labels are taken as it has controls, the first of its ranking. Free with
 * trainers whose models are their examples; with others two further models are trained a round, where control.train
 * allows it.
 * @returns undefined where nothing is compared: the round was compared before, or there are too few labels
 */
export async function prepareComparison(
  context: CampaignContext,
  round: number,
): Promise<PreparedComparison | undefined> {
  const { state, config } = context;
  const isFree = isImmediate(config.trainer);
  if (!isFree && !config.control.train) return undefined;
  if (state.figures.find(nameOf(round), comparison) !== undefined) return undefined;
  const test = await testLabels(context);
  const labels = labelsToCompare(context, round);
  const { selected, random } = labels;
  if (test.length < 2 || random.length < FEWEST_LABELS || selected.length < random.length) return undefined;
  if (isFree) {
    return {
      trainingMicroUsd: 0,
      llmMicroUsd: { expected: 0, worstCase: 0 },
      answers: 0,
      run: () => compareFree(context, round, labels, test),
    };
  }
  const record = state.models.models().find((model) => model.round === round)!;
  const model = await context.tools.seedModel(record, trainedExamples(context, round));
  return {
    trainingMicroUsd: await comparedTrainingsWorstCase(context, round, labels),
    llmMicroUsd: sumRanges(ARMS.flatMap(() => test.map((item) => model.estimate(item)))),
    answers: ARMS.length * test.length,
    run: () => compareTrained(context, round, labels, test),
  };
}

async function compareFree(
  context: CampaignContext,
  round: number,
  { selected, random }: ArmLabels,
  test: readonly LabeledExample[],
): Promise<void> {
  const { state, config } = context;
  const scores = (examples: readonly LabeledExample[]) => scoresOf(context, examples, test);
  const curve: { labels: number; scores: number[] }[] = [];
  for (const share of CURVE_SHARES) {
    const labels = Math.max(1, Math.round(share * random.length));
    const draws: number[][] = [];
    for (let draw = 0; draw < CURVE_DRAWS; draw += 1) {
      const shuffled = seededRandom(config.seed, 'learning curve', round, labels, draw).shuffle(random);
      draws.push(await scores(shuffled.slice(0, labels)));
    }
    curve.push({ labels, scores: test.map((_, item) => mean(draws.map((one) => one[item]!))) });
  }
  state.figures.save(nameOf(round), {
    round,
    labels: random.length,
    items: test.map(({ id }) => id),
    selected: await scores(selected),
    random: await scores(random),
    curve,
  } satisfies Comparison);
}

/** The learning curve is that of the controls of all rounds: each training is paid for, so there are no others. */
async function compareTrained(
  context: CampaignContext,
  round: number,
  labels: ArmLabels,
  test: readonly LabeledExample[],
): Promise<void> {
  const scores = new Map<string, readonly (number | null)[]>();
  let trainedOn = labels.random.length;
  for (const arm of ARMS) {
    const { model, examples } = await comparedModel(context, round, arm, labels[arm]);
    if (arm === 'random') trainedOn = examples.length;
    const opened = await context.tools.seedModel({ round, ...model }, examples);
    scores.set(arm, await answerScores(context, opened, test));
  }
  const [selected, random] = [scores.get('selected')!, scores.get('random')!];
  const both = [...test.keys()].filter((row) => selected[row] !== null && random[row] !== null);
  context.state.figures.save(nameOf(round), {
    round,
    labels: trainedOn,
    items: both.map((row) => test[row]!.id),
    selected: both.map((row) => selected[row]!),
    random: both.map((row) => random[row]!),
    curve: [],
  } satisfies Comparison);
}

/** Of the rounds since one, in order; those that could not be compared are missing. */
export function storedComparisons({ state }: Pick<CampaignContext, 'state'>, since: number): Comparison[] {
  return state.rounds
    .plans()
    .filter(({ number }) => number >= since)
    .flatMap(({ number }) => state.figures.find(nameOf(number), comparison) ?? []);
}

/** The first round that selects as the campaign does now: the one that switched to another strategy, or the first. */
export function firstRoundOfStrategy({ state }: Pick<CampaignContext, 'state'>): number {
  return state.rounds.plans().findLast(({ adapted }) => adapted !== undefined)?.number ?? 1;
}

function nameOf(round: number): string {
  return `compared with chance, round ${round}`;
}

async function testLabels(context: CampaignContext): Promise<readonly LabeledExample[]> {
  const { heldOut } = await splitLabels(context);
  return heldOut.length > 0 ? heldOut : context.testExamples();
}

/** As many selected labels of each round since the last switch as it has controls, both in order of rank. */
function labelsToCompare(context: CampaignContext, round: number): ArmLabels {
  const { state } = context;
  const since = firstRoundOfStrategy(context);
  const controls = controlItems(state);
  const trained = new Map(trainedExamples(context, round).map((example) => [example.position, example]));
  const [selected, random]: [StoredExample[], StoredExample[]] = [[], []];
  for (let number = since; number <= round; number += 1) {
    const labels = state.rounds
      .handedOut()
      .flatMap((item) => (item.round === number ? (trained.get(item.position) ?? []) : []));
    const drawn = labels.filter(({ position }) => controls.get(position) === number);
    const chosen = labels.filter(({ position }) => controls.get(position) !== number);
    const most = Math.min(drawn.length, chosen.length);
    random.push(...drawn.slice(0, most));
    selected.push(...chosen.slice(0, most));
  }
  return { selected, random };
}

/**
 * ROUGE-L of a model's answers to the test items, whose examples are the model: by the campaign's trainer where its models
 * are free, else by retrieval.
 */
export async function scoresOf(
  context: CampaignContext,
  examples: readonly LabeledExample[],
  test: readonly LabeledExample[],
): Promise<number[]> {
  const { config, tools } = context;
  const trainer = isImmediate(config.trainer) ? config.trainer.kind : FREE_TRAINER;
  const record = { round: 0, trainer, name: `${trainer} to compare`, baseUrl: null, costMicroUsd: 0 };
  const scores = await answerScores(context, await tools.seedModel(record, examples), test);
  return scores.map((score) => score ?? 0);
}

/** ROUGE-L of a model's answers against people's; null where it has none, such as to what is longer than it can read. */
async function answerScores(
  { signal }: CampaignContext,
  model: SeedModel,
  test: readonly LabeledExample[],
): Promise<(number | null)[]> {
  const scores = new Array<number | null>(test.length).fill(null);
  await concurrently([...test.entries()], model.concurrency, async ([index, item]) => {
    try {
      const { text } = await model.answer(item, { subject: item.id, ...(signal ? { signal } : {}) });
      scores[index] = answerRougeL(text, item.response);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
    }
  });
  return scores;
}
