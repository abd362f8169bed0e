import type { JudgeAgreement, LlmAgreement, ScoreHistogram } from '../../report-data.ts';
import { count, decimal, percent, plural, trimmed } from '../components/format.ts';

/** Fewer scores are listed in words. */
const LEAST_FOR_CHART = 5;

/** Whether a chart shows more than words: there are enough scores, and they are not all the same. */
export function isWorthDrawing(histogram: ScoreHistogram): boolean {
  return histogram.bins.length > 1 && scoresOf(histogram) >= LEAST_FOR_CHART;
}

/** What was scored, how many have a score, and how many are below the threshold; or the scores, if they are not drawn. */
export function histogramCaption(histogram: ScoreHistogram): string {
  const { says, unscored } = histogram;
  const scored = scoresOf(histogram);
  const have = `${plural(scored, 'item')} ${scored === 1 ? 'has' : 'have'} a score`;
  const listed = scored > 0 && !isWorthDrawing(histogram) ? describeScores(histogram) : '';
  const none = unscored > 0 ? ` ${plural(unscored, 'item')} ${unscored === 1 ? 'has' : 'have'} none.` : '';
  return `${says} ${have}${listed}.${none}${listed === '' ? describeBelow(histogram, scored) : ''}`;
}

/** How often the LLM repeats its choices. */
export function llmAgreementCaption({ queries, mean }: LlmAgreement): string {
  return `${percent(mean)} of the choices stay the same on average when the LLM is asked again with the candidates in another order (${plural(queries, 'query', 'queries')}).`;
}

/** How far a judge agrees with people, beside length, and what follows from it. */
export function judgeCaption(judge: JudgeAgreement): string {
  const { of, judgments, approved, agreement, lengthAgreement, gain, noBetterThanLength, threshold } = judge;
  const kept = of === 'answers' ? 'kept' : 'answered';
  const other = of === 'answers' ? 'edited or rejected' : 'rejected';
  const noun = of === 'answers' ? 'draft' : 'instruction';
  const points = (value: number) => `${value < 0 ? '−' : '+'}${Math.round(100 * Math.abs(value))}`;
  const advice = noBetterThanLength
    ? 'The judge is no better than length: use another one.'
    : `A threshold of ${decimal(threshold, 1)} fits their decisions best.`;
  return (
    `People ${kept} ${count(approved)} of ${plural(judgments, noun)}. One they ${kept} scores higher than one they ${other} in ${percent(agreement)} of all pairs; ` +
    `it is the longer one in ${percent(lengthAgreement)} (difference, 95 %: ${points(gain.low)} to ${points(gain.high)} points). ${advice}`
  );
}

function scoresOf({ bins }: ScoreHistogram): number {
  return bins.reduce((sum, items) => sum + items, 0);
}

/** Empty where the threshold lies within a bin: the bins cannot be split there. */
function describeBelow({ from, to, bins, threshold }: ScoreHistogram, scored: number): string {
  if (threshold === null || scored === 0) return '';
  const edge = ((threshold - from) / (to - from)) * bins.length;
  if (Math.abs(edge - Math.round(edge)) > 1e-9) return '';
  const below = bins.slice(0, Math.max(0, Math.round(edge))).reduce((sum, items) => sum + items, 0);
  return ` ${percent(below / scored)} are below ${trimmed(threshold)}.`;
}

/** A single bin is centered on scores that are all the same. */
function describeScores({ from, to, bins }: ScoreHistogram): string {
  if (bins.length === 1) return `${bins[0] === 1 ? ':' : ', all of them'} ${trimmed((from + to) / 2)}`;
  const width = (to - from) / bins.length;
  const ranges = bins.flatMap((items, index) => {
    const low = from + index * width;
    return items === 0 ? [] : [`${count(items)} between ${trimmed(low)} and ${trimmed(low + width)}`];
  });
  return `, too few for a chart: ${ranges.join(', ')}`;
}
