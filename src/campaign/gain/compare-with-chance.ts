import { z } from 'zod';
import type { LabeledExample } from '../../domain/label.ts';
import { concurrently } from '../../engine/concurrently.ts';
import { seededRandom } from '../../math/random.ts';
import { mean } from '../../math/statistics.ts';
import { answerRougeL } from '../answer-quality.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { isImmediate } from '../config/trainer-config.ts';
import { controlItems } from '../test-set.ts';
import { type StoredExample, splitLabels, trainedExamples } from '../training-split.ts';
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

/**
 * Compares models trained on selected labels with models trained on as many controls, on the test set, and keeps the
 * result. From each round as many selected labels are taken as it has controls, the first of its ranking. Free: only with
 * trainers whose models are their examples.
 */
export async function compareWithChance(context: CampaignContext, round: number): Promise<void> {
  const { state, config } = context;
  if (!isImmediate(config.trainer) || state.figures.find(nameOf(round), comparison) !== undefined) return;
  const test = await testLabels(context);
  const { selected, random } = labelsToCompare(context, round);
  if (test.length < 2 || random.length < FEWEST_LABELS || selected.length < random.length) return;
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
function labelsToCompare(context: CampaignContext, round: number) {
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

/** ROUGE-L of a model's answers to the test items, whose examples are the model. */
export async function scoresOf(
  { config, tools, signal }: CampaignContext,
  examples: readonly LabeledExample[],
  test: readonly LabeledExample[],
): Promise<number[]> {
  const { kind } = config.trainer;
  const record = { round: 0, trainer: kind, name: `${kind} to compare`, baseUrl: null, costMicroUsd: 0 };
  const model = await tools.seedModel(record, examples);
  const scores = new Array<number>(test.length);
  await concurrently([...test.entries()], model.concurrency, async ([index, item]) => {
    const { text } = await model.answer(item, { subject: item.id, ...(signal ? { signal } : {}) });
    scores[index] = answerRougeL(text, item.response);
  });
  return scores;
}
