import { mean } from '../math/statistics.ts';
import type { RoundStore } from '../store/round-store.ts';
import { equalBins } from './equal-bins.ts';
import type { LlmAgreement } from './report-data.ts';

const BINS = 10;

/** How alike the votes on one query were; null where no query had several. */
export function llmAgreement(rounds: RoundStore): LlmAgreement | null {
  const votes = rounds.voteAgreements();
  if (votes.length === 0) return null;
  const all = votes.map(({ agreement }) => agreement);
  const numbers = [...new Set(votes.map(({ round }) => round))];
  return {
    queries: votes.length,
    mean: mean(all),
    byRound: numbers.map((number) => {
      const ofRound = votes.filter(({ round }) => round === number).map(({ agreement }) => agreement);
      return { round: number, queries: ofRound.length, mean: mean(ofRound) };
    }),
    bins: equalBins(all, 0, 1, BINS),
  };
}
