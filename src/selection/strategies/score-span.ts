import type { MeasuredCandidate } from '../measures/measuring.ts';

/** "scores run from 0.00 to 0.99", of the first measure. @param measured one at least */
export function scoreSpan(measured: readonly MeasuredCandidate[]): string {
  const scores = measured.map(({ values }) => values[0]!);
  const low = scores.reduce((a, b) => Math.min(a, b));
  const high = scores.reduce((a, b) => Math.max(a, b));
  return low === high ? `all scores are ${words(low)}` : `scores run from ${words(low)} to ${words(high)}`;
}

/** What a threshold nobody chose is called in a hint. */
export function defaultWords(threshold: number, usual: number): string {
  return threshold === usual ? ` (${usual} is the default)` : '';
}

/** So many decimals that a score just below a threshold does not read as if it reached it. */
function words(score: number): string {
  return score.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
}
