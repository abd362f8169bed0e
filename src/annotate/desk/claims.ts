/** Who has a say in an item: what decides whose it is. */
export interface Claims {
  /** How many people are to answer it. */
  readonly wanted: number;
  /** Who has said something of it, each person once; null where their tool does not name them. */
  readonly answered: readonly (string | null)[];
  /** Who is at work on it now. */
  readonly holders: readonly string[];
}

/** Of other people, those who are at work on it and have not said anything of it yet. */
export function othersAtWork({ answered, holders }: Claims, annotator: string | null): string[] {
  return holders.filter((holder) => holder !== annotator && !answered.includes(holder));
}

/**
 * Whether an item is theirs to answer: they have before, or those who have and those who are at work on it leave room
 * for one more. So no more people are ever at work on an item than are to answer it.
 */
export function isTheirs(claims: Claims, annotator: string | null): boolean {
  if (annotator !== null && claims.answered.includes(annotator)) return true;
  return claims.answered.length + othersAtWork(claims, annotator).length < claims.wanted;
}
