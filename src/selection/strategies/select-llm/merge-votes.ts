/** One vote: positions, best first. */
export type Vote = readonly { readonly position: number; readonly reason: string }[];

export interface MergedPick {
  readonly position: number;
  /** The share of the most points a pick can have: (0, 1]. */
  readonly score: number;
  /** The reason of the vote that ranked it highest. */
  readonly reason: string;
}

/**
 * Merges votes of m choices each by Borda count: the best of a vote gets m points, the next m − 1, and so on. Ties go to
 * the choice of more votes, then to the lower position.
 * @returns the m best, best first
 */
export function mergeVotes(votes: readonly Vote[], picks: number): MergedPick[] {
  const tally = new Map<number, { points: number; votes: number; bestRank: number; reason: string }>();
  for (const vote of votes) {
    vote.forEach(({ position, reason }, rank) => {
      const entry = tally.get(position) ?? { points: 0, votes: 0, bestRank: Number.POSITIVE_INFINITY, reason };
      entry.points += picks - rank;
      entry.votes += 1;
      if (rank < entry.bestRank) {
        entry.bestRank = rank;
        entry.reason = reason;
      }
      tally.set(position, entry);
    });
  }
  return [...tally]
    .sort(([positionA, a], [positionB, b]) => b.points - a.points || b.votes - a.votes || positionA - positionB)
    .slice(0, picks)
    .map(([position, { points, reason }]) => ({ position, score: points / (picks * votes.length), reason }));
}

/**
 * How similar the votes are: the mean share of common choices over all pairs of votes.
 * @returns 0–1; undefined with fewer than two votes
 */
export function voteAgreement(votes: readonly Vote[]): number | undefined {
  let pairs = 0;
  let shared = 0;
  for (let i = 0; i < votes.length; i += 1) {
    const chosen = new Set(votes[i]!.map(({ position }) => position));
    for (let j = i + 1; j < votes.length; j += 1) {
      pairs += 1;
      shared += votes[j]!.filter(({ position }) => chosen.has(position)).length / votes[j]!.length;
    }
  }
  return pairs === 0 ? undefined : shared / pairs;
}
