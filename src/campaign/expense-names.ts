// Keys identify expenses, so that nothing is paid twice; subjects describe them to people.

/** The key of an item's label in a round, by all its annotators. */
export function labelExpenseKey(round: number, id: string): string {
  return `label r${round} ${id}`;
}

export function labelSubject(round: number, id: string): string {
  return `round ${round}, label of ${id}`;
}

/** The key of work that was not planned. @param annotationKey of its first annotation */
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

/** Reads what an expense is for from its subject: a round, or an item with more answers than planned. */
export function readSubject(subject: string): { readonly round: number } | { readonly id: string } | undefined {
  const [, ofLabel, ofTraining] = ORDERED.exec(subject) ?? [];
  const round = ofLabel ?? ofTraining;
  if (round !== undefined) return { round: Number(round) };
  const id = EXTRA_WORK.exec(subject)?.[1];
  return id === undefined ? undefined : { id };
}
