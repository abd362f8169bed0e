import { describe, expect, it } from 'vitest';
import { sayCategories, sayDistance, sayRadius } from '../../../src/report/page/captions/say-coverage.ts';
import { sayMap } from '../../../src/report/page/captions/say-map.ts';
import { type EvaluatedRound, sayFailures, sayScores } from '../../../src/report/page/captions/say-rounds.ts';
import { isWorthDrawing, sayHistogram } from '../../../src/report/page/captions/say-scores.ts';
import { sayCosts, sayPerLabel } from '../../../src/report/page/captions/say-spending.ts';
import { shareInterval } from '../../../src/report/page/captions/share-interval.ts';
import { countTicks } from '../../../src/report/page/components/count-ticks.ts';
import { figure, percent, plainly } from '../../../src/report/page/components/wording.ts';
import { fakeReport } from './fake-report.ts';

const report = fakeReport({ points: 40, picksPerRound: 20 });
const rounds = report.rounds as readonly EvaluatedRound[];
/** Percentages never break over two lines. */
const said = (sentence: string) => sentence.replaceAll('\u00a0', ' ');

describe('what charts say', () => {
  it('of failures: how they went, and how sure that is', () => {
    expect(said(sayFailures(rounds))).toBe(
      'The failure rate fell from 62 % to 38 % between rounds 1 and 3 (at the end 95 % interval 33 % to 43 %, from 400 answers).',
    );
    expect(said(sayFailures([rounds[1]!]))).toBe(
      'The model of round 2 fails at 50 % of what it was tried on (95 % interval 45 % to 55 %, from 400 answers).',
    );
    expect(sayFailures([{ ...rounds[0]!, evaluated: 1, failures: 1 }])).toMatch(/, from 1 answer\)\.$/);
    expect(said(sayFailures([rounds[1]!, { ...rounds[1]!, number: 3 }]))).toContain('The failure rate stayed at 50 %');
  });

  it('of scores: on the most telling subset, with the interval or why there is none', () => {
    expect(said(sayScores(rounds))).toBe(
      'The mean score (1 to 10) of round 3’s model on held-out labels is 6.02 (95 % interval 5.62 to 6.42); on what the model before answered too, it gained +0.40.',
    );
    for (const heldOutInterval of [null, { low: 1, high: 10 }])
      expect(said(sayScores([{ ...rounds[0]!, heldOutInterval }]))).toBe(
        'The mean score (1 to 10) of round 1’s model on held-out labels is 4.31 (too few labels for a 95 % interval).',
      );
    expect(sayScores([{ ...rounds[2]!, gainOn: 'test' }])).toMatch(
      /; on the test set, over the model before, it gained \+0\.40\.$/,
    );
    const withoutLabels = rounds.map((round) => ({ ...round, heldOutScore: null, testScore: null }));
    expect(sayScores(withoutLabels)).toBe(
      'The mean score (1 to 10) on the pool rose from 4.70 to 5.70 between rounds 1 and 3.',
    );
    expect(sayScores([])).toBe('No answer has been scored yet.');
  });

  it('of coverage: beside chance, whichever is better', () => {
    const { coverage } = report;
    expect(sayRadius(coverage!)).toMatch(
      /^With \d+ labels the farthest instruction is \d\.\d{3} from the nearest labeled one, less than by chance: \d\.\d{3} \(\d\.\d{3} to \d\.\d{3}\) over 5 random choices of the same size\.$/,
    );
    expect(sayRadius({ ...coverage!, sampled: 11_898 })).toMatch(
      / the farthest of a sample of 11,898 instructions is \d/,
    );
    const last = coverage!.labels.at(-1)!;
    const worse = { ...coverage!, labels: [{ ...last, radius: 9 }] };
    expect(sayRadius(worse)).toContain('9.000 from the nearest labeled one, more than by chance');
    expect(sayRadius({ ...worse, random: [] })).toMatch(/is 9\.000 from the nearest labeled one\.$/);
    expect(sayCategories({ ...coverage!, categoryField: 'clusters' })).toMatch(
      /^With \d+ labels, \d of the 8 clusters of the pool have at least one; random choices have \d(\.\d)? on average\.$/,
    );
    const one = { ...coverage!, labels: [{ ...last, count: 1, categories: 1 }], random: [] };
    expect(sayCategories(one)).toMatch(/^With 1 label, 1 of the 8 values of “category” has at least one\.$/);
    expect(sayDistance(one)).toMatch(/ from the one label on average\.$/);
  });

  it('of costs: where they went', () => {
    const { spending } = report;
    expect(said(sayCosts(spending))).toMatch(
      /^\$\d+\.\d\d spent or set aside: \d+ % for labels, \d+(\.\d)? % for judging answers, \d+(\.\d)? % for choosing and the rest for other things\.$/,
    );
    const labels = spending.byKindAndRound.filter(({ kind }) => kind === 'labels');
    expect(sayCosts({ ...spending, byKindAndRound: labels })).toMatch(/ set aside, all of it for labels\.$/);
    expect(sayCosts({ ...spending, byKindAndRound: [] })).toBe('Nothing has been spent or set aside.');
    const last = { round: 2, spentMicroUsd: 1_147_058, usefulLabels: 2, microUsdPerLabel: 573_529 };
    expect(sayPerLabel({ ...spending, perUsefulLabel: [last] })).toBe(
      'A label that can be trained on has cost $0.57, what is set aside not counted: $1.15 for 2 labels.',
    );
    const accounts = spending.accounts.map((account) => ({ ...account, reservedMicroUsd: 0 }));
    expect(sayPerLabel({ ...spending, accounts, perUsefulLabel: [last] })).toContain(' $0.57, all expenses counted: ');
    expect(sayPerLabel({ ...spending, perUsefulLabel: [] })).toBe('There is no label to train on yet.');
  });

  it('of the map: how much of the pool it shows', () => {
    expect(sayMap(report.map!)).toMatch(
      /^40 of 12,000 instructions – all that were picked, and a sample of the others – placed by UMAP of .* near each other: drawn are \d/,
    );
    expect(sayMap({ ...report.map!, method: 'pca', instructions: 40 })).toMatch(
      /^All 40 instructions placed by the first two principal components of their embeddings, .* near each other: \d/,
    );
  });
});

describe('scores are', () => {
  const histogram = { ...report.scores[0]!, says: 'Scored.', from: 1, to: 10, unscored: 0, threshold: 6 };

  it('drawn where there is a spread to see', () => {
    expect(isWorthDrawing(histogram)).toBe(true);
    expect(said(sayHistogram({ ...histogram, bins: [1, 1, 1, 1, 0, 1, 1, 1, 1], unscored: 2 }))).toBe(
      'Scored. 8 scores, 2 items without one; 50 % below 6.',
    );
    // No edge of the bins: they do not tell.
    expect(sayHistogram({ ...histogram, bins: [2, 2, 2, 2, 0, 0, 0, 0, 0], threshold: 6.5 })).toBe('Scored. 8 scores.');
  });

  it.each([
    [[0, 0, 0, 0, 0, 0, 0, 0, 0], 'Scored. 0 scores.'],
    [[1, 0, 0, 2, 0, 0, 0, 0, 0], 'Scored. 3 scores, too few to draw: 1 between 1 and 2, 2 between 4 and 5.'],
    [[1], 'Scored. 1 score: 5.5.'],
    [[20], 'Scored. 20 scores, all of them 5.5.'],
  ])('told in words where they are %j', (bins, sentence) => {
    expect(isWorthDrawing({ ...histogram, bins })).toBe(false);
    expect(sayHistogram({ ...histogram, bins })).toBe(sentence);
  });

  it('told apart from the items without one', () => {
    expect(sayHistogram({ ...histogram, bins: [1], unscored: 1 })).toBe('Scored. 1 score: 5.5; 1 item without one.');
  });
});

describe('numbers', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [100, 4],
    [0, 1],
  ])('on an axis up to %d have %d ticks at most, each a whole number', (range, ticks) => {
    expect(countTicks(4, range)).toEqual({ ticks, nice: ticks, tickFormat: ',d' });
  });

  it('have as many places as they need', () => {
    expect([0, 0.004, 0.0996, 0.384, 1].map((share) => said(percent(share)))).toEqual([
      '0 %',
      '0.4 %',
      '10 %',
      '38 %',
      '100 %',
    ]);
    expect([2.5, 0.1 + 0.2, -1.5, 1234].map(plainly)).toEqual(['2.5', '0.3', '−1.5', '1,234']);
    expect([3, 0.25, 12.345, 123.45, 1234].map(figure)).toEqual(['3', '0.250', '12.3', '123', '1,234']);
  });

  it('of shares have intervals that stay within them', () => {
    expect(shareInterval(0, 3).low).toBe(0);
    expect(shareInterval(3, 3).high).toBe(1);
    // Newcombe 1998, table I: 81 of 263.
    const { low, high } = shareInterval(81, 263);
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.2553', '0.3662']);
  });
});
