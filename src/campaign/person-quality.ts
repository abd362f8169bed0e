import type { PersonQuality, QualityMean } from '../domain/label-quality.ts';
import { mean, meanInterval, median } from '../math/statistics.ts';
import type { StoredAnnotation } from '../store/label-store.ts';
import { wordF1 } from './agreement.ts';
import type { CampaignContext } from './campaign-context.ts';
import { draftsBefore } from './failures.ts';
import type { ItemLabel } from './label-views.ts';

/** A fifth of the usual time is too short to read an item and answer it. */
const FAST_SHARE = 1 / 5;
/** Fewer known times do not show what is usual. */
const FEWEST_TIMES = 10;
const FEWEST_OWN_TIMES = 3;
/** Shorter answers are often the same for good reason: yes, 42. */
const FEWEST_WORDS = 5;

/**
 * How good the labels of each person are, by name. Only the latest label of each item counts, and nothing that a lead wrote
 * or dropped. O(words of the answers · people of an item).
 * @param modelAnswer the answer that people were given to start from; undefined where they were given none
 */
export function personQualities(
  labels: Iterable<ItemLabel>,
  modelAnswer: (position: number) => string | undefined,
): PersonQuality[] {
  const people = new Map<string | null, { label: StoredAnnotation; others: readonly StoredAnnotation[] }[]>();
  const times: number[] = [];
  for (const { byPerson } of labels) {
    const answers = byPerson.filter(({ verdict }) => verdict === 'accepted');
    for (const label of answers) {
      if (label.seconds !== null) times.push(label.seconds);
      const own = people.get(label.annotator) ?? [];
      own.push({ label, others: answers.filter((other) => other !== label) });
      people.set(label.annotator, own);
    }
  }
  const usualSeconds = times.length < FEWEST_TIMES ? null : median(times);
  return [...people]
    .sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
    .map(([annotator, answers]) => {
      const own = answers.map(({ label }) => label);
      const seconds = own.flatMap((label) => (label.seconds === null ? [] : [label.seconds]));
      const middle = seconds.length < FEWEST_OWN_TIMES ? null : median(seconds);
      const shared = answers.flatMap(({ label, others }) =>
        others.length === 0 ? [] : [mean(others.map((other) => wordF1(textOf(label), textOf(other))))],
      );
      return {
        annotator,
        answers: own.length,
        itemsPerHour: middle === null || middle === 0 ? null : 3600 / middle,
        agreement: meanOf(shared),
        kept: keptOf(own, modelAnswer),
        repeated: repeatedIn(own.map(textOf)),
        fast: usualSeconds === null ? 0 : seconds.filter((one) => one < FAST_SHARE * usualSeconds).length,
      };
    });
}

function keptOf(
  labels: readonly StoredAnnotation[],
  modelAnswer: (position: number) => string | undefined,
): PersonQuality['kept'] {
  const pairs = labels.flatMap((label) => {
    const answer = modelAnswer(label.position);
    return answer === undefined ? [] : [{ answer, response: textOf(label) }];
  });
  const kept = meanOf(pairs.map(({ answer, response }) => wordF1(answer, response)));
  const unchanged = pairs.filter(({ answer, response }) => answer.trim() === response.trim()).length;
  return kept === null ? null : { ...kept, unchanged };
}

/** How many texts of some length say the same as another one. */
function repeatedIn(texts: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    if (words.length < FEWEST_WORDS) continue;
    const said = words.join(' ');
    counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  return [...counts.values()].reduce((sum, count) => sum + (count > 1 ? count : 0), 0);
}

function meanOf(values: readonly number[]): QualityMean | null {
  if (values.length === 0) return null;
  const { count, mean: middle, interval } = meanInterval(values);
  return { items: count, mean: middle, ...(interval === undefined ? {} : { interval }) };
}

function textOf({ response }: StoredAnnotation): string {
  return response ?? '';
}

/** The model's answer that people got with an item; undefined where they got none. */
export function modelAnswers(
  context: Pick<CampaignContext, 'state' | 'config'>,
): (position: number) => string | undefined {
  const { rounds } = context.state;
  const drafts = rounds.plans().map((plan) => draftsBefore(context, plan));
  const roundOf = new Map(rounds.handedOut().map(({ position, round }) => [position, round]));
  return (position) => drafts[(roundOf.get(position) ?? 0) - 1]?.get(position)?.answer;
}
