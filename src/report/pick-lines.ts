import { embeddingText } from '../domain/instruction.ts';
import { fitExcerpts, nameExcerpt } from './excerpts.ts';
import type { PickLine } from './report-data.ts';
import type { ReportFacts } from './report-facts.ts';

/** Characters of reasons and excerpts: the longest that fit, so that a report of many picks stays small. */
const REASON_LENGTHS = [1_000, 300, 100, 40];
const MOST_REASON_BYTES = 700_000;
const EXCERPT_LENGTHS = [140, 70, 30];
const MOST_EXCERPT_BYTES = 600_000;

/** All picks, in order of round and rank. */
export function pickLines({ picks, instructions, labels, evaluations }: ReportFacts): PickLine[] {
  const scores = new Map(
    [...evaluations].map(([round, all]) => [
      round,
      new Map(all.flatMap(({ subset, itemId, score }) => (subset === 'pool' ? [[itemId, score]] : []))),
    ]),
  );
  /** The score of the last earlier model that answered the item. */
  const necessityOf = (id: string, round: number) => {
    for (let before = round - 1; before > 0; before -= 1) {
      const score = scores.get(before)?.get(id);
      if (score !== undefined) return score;
    }
    return null;
  };
  const texts = picks.map(({ position }) => embeddingText(instructions[position]!));
  const excerpts = fitExcerpts(texts, MOST_EXCERPT_BYTES, EXCERPT_LENGTHS);
  const reasons = fitExcerpts(
    picks.map(({ reason }) => reason),
    MOST_REASON_BYTES,
    REASON_LENGTHS,
  );
  return picks.map(({ id, position, round, rank, strategy, score, model, costMicroUsd, state }, index) => ({
    round,
    rank,
    id: nameExcerpt(id),
    position,
    excerpt: excerpts[index]!,
    reason: reasons[index]!,
    strategy,
    score,
    model,
    costMicroUsd,
    state,
    annotators: state === 'withdrawn' ? [] : annotatorsOf(labels.get(position)?.byPerson ?? []),
    necessity: necessityOf(id, round),
  }));
}

/** People without a name in their tool are listed as "unnamed", once each. */
function annotatorsOf(byPerson: readonly { readonly annotator: string | null }[]): string[] {
  return byPerson.map(({ annotator }) => (annotator === null ? 'unnamed' : nameExcerpt(annotator)));
}
