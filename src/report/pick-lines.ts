import { embeddingText } from '../domain/instruction.ts';
import { excerpt } from './excerpt.ts';
import type { PickLine } from './report-data.ts';
import type { ReportFacts } from './report-facts.ts';

const LONGEST_REASON = 1_000;
const LONGEST_EXCERPT = 140;

/** Everything that was handed out, in order of round and rank. */
export function pickLines({ picks, instructions, labels, evaluations }: ReportFacts): PickLine[] {
  const scores = new Map(
    [...evaluations].map(([round, all]) => [
      round,
      new Map(all.flatMap(({ subset, itemId, score }) => (subset === 'pool' ? [[itemId, score]] : []))),
    ]),
  );
  /** Of the last model before the round that was asked about it. */
  const necessityOf = (id: string, round: number) => {
    for (let before = round - 1; before > 0; before -= 1) {
      const score = scores.get(before)?.get(id);
      if (score !== undefined) return score;
    }
    return null;
  };
  return picks.map(({ id, position, round, rank, reason, strategy, score, model, costMicroUsd, state }) => ({
    round,
    rank,
    id,
    position,
    excerpt: excerpt(embeddingText(instructions[position]!), LONGEST_EXCERPT),
    reason: excerpt(reason, LONGEST_REASON),
    strategy,
    score,
    model,
    costMicroUsd,
    state,
    annotators: state === 'withdrawn' ? [] : annotatorsOf(labels.get(position)?.byPerson ?? []),
    necessity: necessityOf(id, round),
  }));
}

/** People whom their tool does not name are told apart, but have no name to show. */
function annotatorsOf(byPerson: readonly { readonly annotator: string | null }[]): string[] {
  return byPerson.map(({ annotator }) => (annotator === null ? 'unnamed' : excerpt(annotator, LONGEST_EXCERPT)));
}
