import { mean } from '../math/statistics.ts';
import type { RoundStore } from '../store/round-store.ts';
import type { LlmAgreement } from './report-data.ts';
import { equalBins } from './score-histograms.ts';

const BINS = 10;

/** How similar the votes on the same query were; null if no query had several votes. */
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
