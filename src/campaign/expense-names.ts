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

/** The key of what a lead's decision on an item costs: further answers, or one more label under the cap. */
export function leadActionExpenseKey(action: number): string {
  return `label action ${action}`;
}

export function leadActionSubject(id: string): string {
  return `the lead's decision on ${id}`;
}

export function trainingSubject(round: number): string {
  return `training of round ${round}`;
}

/** The key of a training, one for each try. */
export function trainingExpenseKey(round: number, attempt: number): string {
  return `training r${round} try ${attempt}`;
}

/** The key of a training for a comparison, one for each try. @param arm the labels of the model: selected, random */
export function comparedTrainingKey(round: number, arm: string, attempt: number): string {
  return `training r${round} ${arm} try ${attempt}`;
}

export function comparedTrainingSubject(round: number, arm: string): string {
  return `training of round ${round}, ${arm} labels to compare`;
}

/** What an expense is for, from its key: a round, the first annotation of extra work, or the action of a lead. */
export function expenseOrigin(
  key: string,
): { readonly round: number } | { readonly annotationKey: string } | { readonly action: number } {
  const [account, origin = ''] = key.split(' ', 2);
  if (origin === 'action') return { action: Number(key.slice(`${account} ${origin} `.length)) };
  if (origin === 'extra') return { annotationKey: key.slice(`${account} ${origin} `.length) };
  return { round: Number(origin.slice(1)) };
}
