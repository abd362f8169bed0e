import type { StoredAnnotation } from '../store/label-store.ts';

/** The result of an item, from all its annotations. */
export interface ItemLabel {
  readonly position: number;
  readonly state: 'labeled' | 'rejected' | 'skipped';
  /** The annotation that counts. */
  readonly winner: StoredAnnotation;
  /** The last annotation of each person, in the order of their first ones. */
  readonly byPerson: readonly StoredAnnotation[];
}

/** Of several answers by different people: the one submitted last, or first. */
export type WinnerRule = 'latest' | 'first';

/**
 * Labels by item. Of one person the last annotation counts. Of several people, answers and rejections count before
 * skips; among those the rule decides, or the order of import if times are unknown.
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

/** Identifies the annotator. If the tool gives no name, each source id counts as a person; without ids, all is one person's. */
export function personOf({ annotator, sourceId }: Pick<StoredAnnotation, 'annotator' | 'sourceId'>): string {
  return annotator !== null ? `annotator ${annotator}` : sourceId !== null ? `annotation ${sourceId}` : '';
}

function chooseWinner(byPerson: readonly StoredAnnotation[], rule: WinnerRule): StoredAnnotation {
  const answered = byPerson.filter(({ verdict }) => verdict !== 'skipped');
  const sorted = [...(answered.length > 0 ? answered : byPerson)].sort(compareTime);
  return rule === 'latest' ? sorted.at(-1)! : sorted[0]!;
}

function compareTime(a: StoredAnnotation, b: StoredAnnotation): number {
  if (a.submittedAtMs !== null && b.submittedAtMs !== null && a.submittedAtMs !== b.submittedAtMs) {
    return a.submittedAtMs - b.submittedAtMs;
  }
  return a.id - b.id;
}
