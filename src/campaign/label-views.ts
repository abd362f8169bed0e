import type { CampaignState } from '../store/campaign-state.ts';
import type { StoredAnnotation } from '../store/label-store.ts';
import { isDropped, type LeadDecisions, leadDecisions, NO_DECISIONS } from './lead-decisions.ts';

/** The result of an item, from all its annotations. */
export interface ItemLabel {
  readonly position: number;
  readonly state: 'labeled' | 'rejected' | 'skipped';
  /** The annotation that counts. */
  readonly winner: StoredAnnotation;
  /** Whether a lead decided it. */
  readonly isDecided: boolean;
  /** The last annotation of each person, in the order of their first ones. */
  readonly byPerson: readonly StoredAnnotation[];
}

/** Of several answers by different people: the one submitted last, or first. */
export type WinnerRule = 'latest' | 'first';

/**
 * Labels by item. Of one person the last annotation counts. Of several people, answers and rejections count before
 * skips; among those the rule decides, or the order of import if times are unknown. Where a lead decided, that counts, and
 * what a lead dropped does not.
 */
export function labelsByPosition(
  annotations: readonly StoredAnnotation[],
  rule: WinnerRule,
  decisions: LeadDecisions = NO_DECISIONS,
): ReadonlyMap<number, ItemLabel> {
  const byPosition = new Map<number, Map<string, StoredAnnotation>>();
  const chosen = new Map<number, StoredAnnotation>();
  for (const annotation of annotations) {
    if (isDropped(annotation, decisions) && !decisions.written.has(annotation.id)) continue;
    if (decisions.decided.get(annotation.position)?.details.label === annotation.id) {
      chosen.set(annotation.position, annotation);
    }
    if (decisions.written.has(annotation.id)) continue;
    const people = byPosition.get(annotation.position) ?? new Map<string, StoredAnnotation>();
    byPosition.set(annotation.position, people);
    const person = personOf(annotation);
    const before = people.get(person);
    if (!before || compareTime(annotation, before) > 0) people.set(person, annotation);
  }
  return new Map(
    [...new Set([...byPosition.keys(), ...chosen.keys()])].map((position) => {
      const byPerson = [...(byPosition.get(position)?.values() ?? [])];
      const winner = chosen.get(position) ?? chooseWinner(byPerson, rule);
      const state = winner.verdict === 'accepted' ? 'labeled' : winner.verdict;
      return [position, { position, state, winner, isDecided: chosen.has(position), byPerson }];
    }),
  );
}

/** All labels of a campaign by item, with what leads decided. */
export function currentLabels(
  { labels, lead }: Pick<CampaignState, 'labels' | 'lead'>,
  rule: WinnerRule,
): ReadonlyMap<number, ItemLabel> {
  return labelsByPosition(labels.annotations(), rule, leadDecisions(lead.actions()));
}

/** Who has answered each item, those whose work a lead dropped among them: they were asked and paid. */
export function peopleDone(
  annotations: readonly StoredAnnotation[],
  { written }: LeadDecisions,
): ReadonlyMap<number, ReadonlyMap<string, string | null>> {
  const done = new Map<number, Map<string, string | null>>();
  for (const annotation of annotations) {
    if (written.has(annotation.id)) continue;
    const people = done.get(annotation.position) ?? new Map<string, string | null>();
    done.set(annotation.position, people.set(personOf(annotation), annotation.annotator));
  }
  return done;
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
