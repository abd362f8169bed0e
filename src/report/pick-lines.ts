import { embeddingText } from '../domain/instruction.ts';
import { excerpt } from '../text/excerpt.ts';
import { excerptsWithin } from './excerpts-within.ts';
import type { PickLine } from './report-data.ts';
import type { ReportFacts } from './report-facts.ts';

/** Characters of reasons and excerpts: as many as there is room for, so that a report of many picks stays small. */
const REASON_LENGTHS = [1_000, 300, 100, 40];
const ROOM_FOR_REASONS_BYTES = 700_000;
const EXCERPT_LENGTHS = [140, 70, 30];
const ROOM_FOR_EXCERPTS_BYTES = 600_000;
/** Ids and names are a file's own, and as long as it likes. */
const LONGEST_NAME = 200;

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
  const texts = picks.map(({ position }) => embeddingText(instructions[position]!));
  const excerpts = excerptsWithin(texts, ROOM_FOR_EXCERPTS_BYTES, EXCERPT_LENGTHS);
  const given = picks.map(({ reason }) => reason);
  const reasons = excerptsWithin(given, ROOM_FOR_REASONS_BYTES, REASON_LENGTHS);
  return picks.map(({ id, position, round, rank, strategy, score, model, costMicroUsd, state }, index) => ({
    round,
    rank,
    id: excerpt(id, LONGEST_NAME),
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

/** People whom their tool does not name are told apart, but have no name to show. */
function annotatorsOf(byPerson: readonly { readonly annotator: string | null }[]): string[] {
  return byPerson.map(({ annotator }) => (annotator === null ? 'unnamed' : excerpt(annotator, LONGEST_NAME)));
}
