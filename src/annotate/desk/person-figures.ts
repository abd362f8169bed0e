import { median } from '../../math/statistics.ts';
import type { Hold } from '../../store/desk-store.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import { type PersonFigures, UNNAMED } from './desk-views.ts';

/**
 * What each person did over the whole campaign, the person with the most labels first.
 * @param annotations every label that was submitted, including the ones replaced later
 * @param latestLabels each person's latest label of each item
 * @param drafts unsubmitted drafts
 * @param holds only those that have not expired
 */
export function personFigures(
  annotations: readonly StoredAnnotation[],
  latestLabels: Iterable<StoredAnnotation>,
  drafts: readonly { readonly annotator: string; readonly updatedAtMs: number }[],
  holds: readonly Hold[],
): PersonFigures[] {
  const people = new Map<string, Tally>();
  const tallyOf = (annotator: string | null) => {
    const name = annotator ?? UNNAMED;
    const tally = people.get(name) ?? new Tally(name);
    people.set(name, tally);
    return tally;
  };
  for (const { annotator, costMicroUsd, submittedAtMs } of annotations) {
    const tally = tallyOf(annotator);
    tally.costMicroUsd += costMicroUsd;
    tally.sawActivity(submittedAtMs);
  }
  for (const label of latestLabels) tallyOf(label.annotator).addLabel(label);
  for (const { annotator, updatedAtMs } of drafts) {
    const tally = tallyOf(annotator);
    tally.drafts += 1;
    tally.sawActivity(updatedAtMs);
  }
  for (const hold of holds) tallyOf(hold.annotator).addHold(hold);
  const labels = ({ answered, rejected, skipped }: PersonFigures) => answered + rejected + skipped;
  return [...people.values()]
    .map((tally) => tally.figures())
    .sort((a, b) => labels(b) - labels(a) || (a.annotator < b.annotator ? -1 : 1));
}

class Tally {
  costMicroUsd = 0;
  drafts = 0;
  readonly #annotator: string;
  readonly #verdicts = { accepted: 0, rejected: 0, skipped: 0 };
  readonly #seconds: number[] = [];
  #lastAtMs: number | null = null;
  #hold: Hold | undefined;

  constructor(annotator: string) {
    this.#annotator = annotator;
  }

  sawActivity(atMs: number | null): void {
    if (atMs !== null) this.#lastAtMs = Math.max(this.#lastAtMs ?? 0, atMs);
  }

  addLabel({ verdict, seconds }: StoredAnnotation): void {
    this.#verdicts[verdict] += 1;
    if (seconds !== null) this.#seconds.push(seconds);
  }

  /** Of several holds, the one that was extended last shows where they are working. */
  addHold(hold: Hold): void {
    if (this.#hold === undefined || hold.untilMs > this.#hold.untilMs) this.#hold = hold;
    this.sawActivity(hold.sinceMs);
  }

  figures(): PersonFigures {
    const { accepted: answered, rejected, skipped } = this.#verdicts;
    return {
      annotator: this.#annotator,
      answered,
      rejected,
      skipped,
      drafts: this.drafts,
      seconds: this.#seconds.reduce((sum, seconds) => sum + seconds, 0),
      medianSeconds: median(this.#seconds),
      costMicroUsd: this.costMicroUsd,
      lastAtMs: this.#lastAtMs,
      workingOn: this.#hold?.position ?? null,
    };
  }
}
