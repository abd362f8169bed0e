import { median } from '../../math/statistics.ts';
import type { Hold } from '../../store/desk-store.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import { type PersonFigures, UNNAMED } from './desk-views.ts';

/**
 * What each person did over the whole campaign, whoever did most first.
 * @param annotations everything that was said
 * @param lastWords everybody's last word on each item
 * @param begun what is written and not submitted
 * @param holds those that last
 */
export function personFigures(
  annotations: readonly StoredAnnotation[],
  lastWords: Iterable<StoredAnnotation>,
  begun: readonly { readonly annotator: string; readonly updatedAtMs: number }[],
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
    tally.see(submittedAtMs);
  }
  for (const word of lastWords) tallyOf(word.annotator).count(word);
  for (const { annotator, updatedAtMs } of begun) {
    const tally = tallyOf(annotator);
    tally.begun += 1;
    tally.see(updatedAtMs);
  }
  for (const hold of holds) tallyOf(hold.annotator).hold(hold);
  const said = ({ answered, rejected, skipped }: PersonFigures) => answered + rejected + skipped;
  return [...people.values()]
    .map((tally) => tally.figures())
    .sort((a, b) => said(b) - said(a) || (a.annotator < b.annotator ? -1 : 1));
}

class Tally {
  costMicroUsd = 0;
  begun = 0;
  readonly #annotator: string;
  readonly #verdicts = { accepted: 0, rejected: 0, skipped: 0 };
  readonly #seconds: number[] = [];
  #lastAtMs: number | null = null;
  #hold: Hold | undefined;

  constructor(annotator: string) {
    this.#annotator = annotator;
  }

  see(atMs: number | null): void {
    if (atMs !== null) this.#lastAtMs = Math.max(this.#lastAtMs ?? 0, atMs);
  }

  count({ verdict, seconds }: StoredAnnotation): void {
    this.#verdicts[verdict] += 1;
    if (seconds !== null) this.#seconds.push(seconds);
  }

  /** Of several they are at the one they went to, or wrote at, last. */
  hold(hold: Hold): void {
    if (this.#hold === undefined || hold.untilMs > this.#hold.untilMs) this.#hold = hold;
    this.see(hold.sinceMs);
  }

  figures(): PersonFigures {
    const { accepted: answered, rejected, skipped } = this.#verdicts;
    return {
      annotator: this.#annotator,
      answered,
      rejected,
      skipped,
      begun: this.begun,
      seconds: this.#seconds.reduce((sum, seconds) => sum + seconds, 0),
      medianSeconds: median(this.#seconds),
      costMicroUsd: this.costMicroUsd,
      lastAtMs: this.#lastAtMs,
      at: this.#hold?.position ?? null,
    };
  }
}
