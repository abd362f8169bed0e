import { conversationOf } from '../domain/conversation.ts';
import type { LabeledExample } from '../domain/label.ts';
import { seededRandom } from '../math/random.ts';
import type { StoredAnnotation } from '../store/label-store.ts';
import type { CampaignContext } from './campaign-context.ts';
import { heldOutShareOf } from './config/test-plan.ts';
import { currentLabels } from './label-views.ts';
import { testItems } from './test-set.ts';

/** A label as an example, and where it comes from. */
export interface StoredExample extends LabeledExample {
  readonly position: number;
  readonly annotationId: number;
}

export interface StoredSplit {
  /** By position. */
  readonly train: readonly StoredExample[];
  readonly heldOut: readonly StoredExample[];
}

/**
 * Splits all labels once: those of the test set are held out, and of the other new ones the configured share, drawn at
 * random. An item that was trained on is never held out later, and the other way round. Items in which those of
 * labels.heldOutFiles or pool.exclude repeat are on neither side, even if they were labeled before.
 */
export async function splitLabels(context: CampaignContext): Promise<StoredSplit> {
  const { state, config } = context;
  const labels = currentLabels(state, config.labels.winner);
  const labeled = [...labels.values()]
    .filter((label) => label.state === 'labeled')
    .sort((a, b) => a.position - b.position);
  const known = state.labels.assignments();
  const test = testItems(state);
  const added = labeled.map(({ position }) => position).filter((position) => !known.has(position));
  if (added.length > 0) {
    const [forTest, others] = [true, false].map((wanted) => added.filter((one) => test.has(one) === wanted)) as [
      number[],
      number[],
    ];
    const before = [...known].flatMap(([position, isHeldOut]) => (test.has(position) ? [] : [isHeldOut]));
    const drawn = others.length === 0 ? [] : drawHeldOut(others, heldOutShareOf(config), config.seed, before);
    state.labels.assign(new Map([...forTest.map((position): [number, boolean] => [position, true]), ...drawn]));
  }
  const heldOut = state.labels.assignments();
  const contaminated = await context.heldOut();
  const examples = labeled
    .filter(({ position }) => !contaminated.has(position))
    .map(({ winner }) => exampleOf(context, winner));
  return {
    train: examples.filter(({ position }) => !heldOut.get(position)),
    heldOut: examples.filter(({ position }) => heldOut.get(position)),
  };
}

/** Whether any label is, or would be, used for training. */
export async function hasTrainingLabel(context: CampaignContext): Promise<boolean> {
  const { state, config } = context;
  const heldOut = state.labels.assignments();
  const test = testItems(state);
  const contaminated = await context.heldOut();
  const labels = currentLabels(state, config.labels.winner);
  return [...labels.values()].some(
    ({ position, state: given }) =>
      given === 'labeled' && !heldOut.get(position) && !test.has(position) && !contaminated.has(position),
  );
}

/**
 * Draws at random as many as bring what is held out to the rounded share of all, so that the share is kept where labels
 * come a few at a time. One label at least is left to train on.
 * @param before of every label that was drawn earlier whether it is held out
 * @returns for each position whether it is held out
 */
export function drawHeldOut(
  positions: readonly number[],
  share: number,
  seed: number,
  before: readonly boolean[] = [],
): Map<number, boolean> {
  const heldOutBefore = before.filter(Boolean).length;
  const wanted = Math.round(share * (before.length + positions.length)) - heldOutBefore;
  const most = positions.length - (heldOutBefore === before.length ? 1 : 0);
  const shuffled = seededRandom(seed, 'held-out', positions[0] ?? 0).shuffle(positions);
  const heldOut = new Set(shuffled.slice(0, Math.max(0, Math.min(wanted, most))));
  return new Map(positions.map((position) => [position, heldOut.has(position)]));
}

/** What a model was trained on, in the order it was. */
export function trainedExamples(context: CampaignContext, round: number): StoredExample[] {
  return examplesOf(
    context,
    context.state.labels.trainingExamples(round).map(({ annotationId }) => annotationId),
  );
}

/** Imported labels as examples, in the order given. */
export function examplesOf(context: CampaignContext, annotationIds: readonly number[]): StoredExample[] {
  const annotations = new Map(context.state.labels.annotations().map((annotation) => [annotation.id, annotation]));
  return annotationIds.map((id) => exampleOf(context, annotations.get(id)!));
}

function exampleOf(
  context: CampaignContext,
  { id: annotationId, position, response }: StoredAnnotation,
): StoredExample {
  const item = context.instructions()[position]!;
  return {
    id: item.id,
    ...conversationOf(item),
    response: response ?? '',
    position,
    annotationId,
  };
}
