// Expenses are known by keys, so that nothing is paid twice, and told to people by their subjects.

/** Of an item's label in a round, by everybody who is to answer it. */
export function labelExpenseKey(round: number, id: string): string {
  return `label r${round} ${id}`;
}

export function labelSubject(round: number, id: string): string {
  return `round ${round}, label of ${id}`;
}

/** Of work that nobody ordered. @param annotationKey of the first annotation it brought */
export function extraWorkExpenseKey(annotationKey: string): string {
  return `label extra ${annotationKey}`;
}

export function extraWorkSubject(id: string): string {
  return `more work on ${id} than was ordered`;
}

export function trainingSubject(round: number): string {
  return `training of round ${round}`;
}

const ORDERED = /^(?:round (\d+), label of |training of round (\d+)$)/;
const EXTRA_WORK = /^more work on ([\s\S]*) than was ordered$/;

/** What an expense is for, by its subject: a round that ordered it, or an item of which more came than was ordered. */
export function readSubject(subject: string): { readonly round: number } | { readonly id: string } | undefined {
  const [, ofLabel, ofTraining] = ORDERED.exec(subject) ?? [];
  const round = ofLabel ?? ofTraining;
  if (round !== undefined) return { round: Number(round) };
  const id = EXTRA_WORK.exec(subject)?.[1];
  return id === undefined ? undefined : { id };
}
