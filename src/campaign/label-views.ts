import type { StoredAnnotation } from '../store/label-store.ts';

/** Where an item stands, by all that people said of it. */
export interface ItemLabel {
  readonly position: number;
  readonly state: 'labeled' | 'rejected' | 'skipped';
  /** The annotation that counts. */
  readonly winner: StoredAnnotation;
  /** Everybody's last word, in the order they first spoke. */
  readonly byPerson: readonly StoredAnnotation[];
}

/** Of several answers by different people: the one submitted last, or first. */
export type WinnerRule = 'latest' | 'first';

/**
 * What people said, by item. Of one person the last word counts. Of several people an answer or a rejection counts for
 * more than a skip; among those the rule decides; where times are unknown, the order they were taken in does.
 */
export function labelsByPosition(
  annotations: readonly StoredAnnotation[],
  rule: WinnerRule,
): ReadonlyMap<number, ItemLabel> {
  const byPosition = new Map<number, Map<string, StoredAnnotation>>();
  for (const annotation of annotations) {
    const people = byPosition.get(annotation.position) ?? new Map<string, StoredAnnotation>();
    byPosition.set(annotation.position, people);
    const person = personOf(annotation);
    const before = people.get(person);
    if (!before || compareTime(annotation, before) > 0) people.set(person, annotation);
  }
  return new Map(
    [...byPosition].map(([position, people]) => {
      const byPerson = [...people.values()];
      const winner = chooseWinner(byPerson, rule);
      const state = winner.verdict === 'accepted' ? 'labeled' : winner.verdict;
      return [position, { position, state, winner, byPerson }];
    }),
  );
}

/** Who said it. Tools that name nobody give at least an id of what was said; else everything is one person's. */
export function personOf({ annotator, sourceId }: Pick<StoredAnnotation, 'annotator' | 'sourceId'>): string {
  return annotator !== null ? `annotator ${annotator}` : sourceId !== null ? `annotation ${sourceId}` : '';
}

function chooseWinner(byPerson: readonly StoredAnnotation[], rule: WinnerRule): StoredAnnotation {
  const said = byPerson.filter(({ verdict }) => verdict !== 'skipped');
  const sorted = [...(said.length > 0 ? said : byPerson)].sort(compareTime);
  return rule === 'latest' ? sorted.at(-1)! : sorted[0]!;
}

function compareTime(a: StoredAnnotation, b: StoredAnnotation): number {
  if (a.submittedAtMs !== null && b.submittedAtMs !== null && a.submittedAtMs !== b.submittedAtMs) {
    return a.submittedAtMs - b.submittedAtMs;
  }
  return a.id - b.id;
}
