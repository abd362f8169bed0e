import type { LlmAgreement, ScoreHistogram } from '../../report-data.ts';
import { count, percent, plainly, plural } from '../components/wording.ts';

/** Fewer are told in words. */
const DRAWN_FROM = 5;

/** Whether there is a spread to see: some scores that are not all the same. */
export function isWorthDrawing(histogram: ScoreHistogram): boolean {
  return histogram.bins.length > 1 && scoresOf(histogram) >= DRAWN_FROM;
}

/** Who scored what, how much of it and how much below the threshold, or where the scores are that are not drawn. */
export function sayHistogram(histogram: ScoreHistogram): string {
  const { says, from, to, bins, unscored, threshold } = histogram;
  const scored = scoresOf(histogram);
  const missing = unscored > 0 ? `${plural(unscored, 'item')} without one` : '';
  if (scored > 0 && !isWorthDrawing(histogram))
    return `${says} ${plural(scored, 'score')}${whereabouts(histogram)}${missing && `; ${missing}`}.`;
  const counted = `${plural(scored, 'score')}${missing && `, ${missing}`}`;
  if (threshold === null || scored === 0) return `${says} ${counted}.`;
  const width = (to - from) / bins.length;
  const edge = (threshold - from) / width;
  // Counted where the threshold is an edge of the bins; otherwise they do not tell.
  if (Math.abs(edge - Math.round(edge)) > 1e-9) return `${says} ${counted}.`;
  const below = bins.slice(0, Math.max(0, Math.round(edge))).reduce((sum, items) => sum + items, 0);
  return `${says} ${counted}; ${percent(below / scored)} below ${plainly(threshold)}.`;
}

/** How far a second vote repeats the first. */
export function sayAgreement({ queries, mean }: LlmAgreement): string {
  return `Asked again with the candidates in another order, the LLM shares ${percent(mean)} of its choices on average, over ${plural(queries, 'query', 'queries')}.`;
}

function scoresOf({ bins }: ScoreHistogram): number {
  return bins.reduce((sum, items) => sum + items, 0);
}

/** Where scores lie that are not drawn; a single bin stands around scores that are all the same. */
function whereabouts({ from, to, bins }: ScoreHistogram): string {
  if (bins.length === 1) return `${bins[0] === 1 ? ':' : ', all of them'} ${plainly((from + to) / 2)}`;
  const width = (to - from) / bins.length;
  const places = bins.flatMap((items, index) => {
    const low = from + index * width;
    return items === 0 ? [] : [`${count(items)} between ${plainly(low)} and ${plainly(low + width)}`];
  });
  return `, too few to draw: ${places.join(', ')}`;
}
