import type { LlmAgreement, ScoreHistogram } from '../../report-data.ts';
import { count, figure, percent, plural } from '../parts/wording.ts';

/** Who scored what, how much of it and how much below the threshold. */
export function sayHistogram({ says, from, to, bins, unscored, threshold }: ScoreHistogram): string {
  const scored = bins.reduce((sum, items) => sum + items, 0);
  const counted = `${plural(scored, 'score')}${unscored > 0 ? `, ${count(unscored)} without one` : ''}`;
  if (threshold === null || scored === 0) return `${says} ${counted}.`;
  const width = (to - from) / bins.length;
  const edge = (threshold - from) / width;
  // Counted where the threshold is an edge of the bins; otherwise they do not tell.
  if (Math.abs(edge - Math.round(edge)) > 1e-9) return `${says} ${counted}.`;
  const below = bins.slice(0, Math.max(0, Math.round(edge))).reduce((sum, items) => sum + items, 0);
  return `${says} ${counted}; ${percent(below / scored)} below ${figure(threshold)}.`;
}

/** How far a second vote repeats the first. */
export function sayAgreement({ queries, mean }: LlmAgreement): string {
  return `Asked again with the candidates in another order, the LLM shares ${percent(mean)} of its choices on average, over ${plural(queries, 'query', 'queries')}.`;
}
