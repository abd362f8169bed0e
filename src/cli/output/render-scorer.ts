import type { Agreement, ScorerEvaluation } from '../../selection/judges/expert/evaluate-scorer.ts';
import type { ScorerWeights } from '../../selection/judges/expert/scorer-weights.ts';
import { colors } from './colors.ts';
import { formatCount, formatPairs, plural } from './format.ts';
import { safeLine } from './safe-text.ts';
import { renderTable } from './table.ts';

const LONGEST_PATH = 200;

/** What was fitted and how good it is, for people. */
export function renderTraining(output: string, name: string, training: ScorerWeights['training']): string {
  const { pairs, crossValidated, validation, penalties } = training;
  const { accuracy, longer, gain } = crossValidated;
  const ofLength = longer === undefined ? '' : `; the longer response in ${percent(longer)}`;
  const facts: [string, string][] = [
    ['Cross-validated', `${percent(accuracy)} of ${formatCount(crossValidated.pairs)} pairs right${ofLength}`],
    ...(gain ? [['Gain over length', `95 %: ${percent(gain[0]!)} to ${percent(gain[1]!)}`] as [string, string]] : []),
    ['Wording penalty', `${penalties.wording}, chosen by cross-validation`],
  ];
  if (validation !== undefined) {
    facts.push(['Validation', `${percent(validation.accuracy)} of ${formatCount(validation.pairs)} pairs right`]);
  }
  return [
    colors.green(
      `Fitted ${safeLine(name, LONGEST_PATH)} to ${plural(pairs, 'pair')}: ${safeLine(output, LONGEST_PATH)}`,
    ),
    formatPairs(facts),
    '',
  ].join('\n');
}

/** How often a scorer is right, beside length, and by how much longer the better response is. */
export function renderEvaluation(name: string, evaluation: ScorerEvaluation, width: number): string {
  const { longer, gain, bands } = evaluation;
  const measures = [
    { title: safeLine(name, LONGEST_PATH), measured: evaluation },
    { title: 'the longer response', measured: longer },
    { title: 'gain over length', measured: gain },
  ];
  const summary = renderTable(
    [
      { title: 'prefers the better response', value: ({ title }: (typeof measures)[number]) => title },
      { title: 'share', value: ({ measured }) => percent(measured.accuracy), align: 'right' },
      { title: '95 % interval', value: ({ measured }) => intervalWords(measured), align: 'right' },
    ],
    measures,
    width,
  );
  const byLength = renderTable(
    [
      { title: 'the better response is', value: (band: ScorerEvaluation['bands'][number]) => band.name },
      { title: 'pairs', value: (band) => formatCount(band.pairs), align: 'right' },
      { title: 'scorer', value: (band) => (band.pairs === 0 ? '–' : percent(band.accuracy)), align: 'right' },
      { title: 'longer', value: (band) => (band.pairs === 0 ? '–' : percent(band.longer)), align: 'right' },
    ],
    bands,
    width,
  );
  return `${plural(evaluation.pairs, 'pair')}; equal scores count half.\n\n${summary}\n\n${byLength}\n\n${verdict(gain)}\n`;
}

function verdict({ interval }: Agreement): string {
  if (interval === null) return colors.yellow('Too few pairs to tell.');
  const [low, high] = interval;
  if (low > 0) return 'It is better than length alone.';
  return colors.yellow(
    high < 0
      ? 'On these pairs, length alone is better.'
      : 'On these pairs, it is not clearly better or worse than length alone.',
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function intervalWords({ interval }: Agreement): string {
  return interval === null ? '–' : `${percent(interval[0])} to ${percent(interval[1])}`;
}
