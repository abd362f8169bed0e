import { describe, expect, it } from 'vitest';
import {
  categoriesCaption,
  distanceCaption,
  mapCaption,
  radiusCaption,
} from '../../../src/report/page/captions/pool-captions.ts';
import {
  areComparable,
  failureCaption,
  failureRates,
  scoreCaption,
} from '../../../src/report/page/captions/round-captions.ts';
import { histogramCaption, isWorthDrawing, judgeCaption } from '../../../src/report/page/captions/score-captions.ts';
import { costCaption, labelCostCaption } from '../../../src/report/page/captions/spending-captions.ts';
import { countAxis } from '../../../src/report/page/components/axes.ts';
import { compact, percent, trimmed } from '../../../src/report/page/components/format.ts';
import type { JudgeAgreement } from '../../../src/report/report-data.ts';
import { fakeReport } from './fake-report.ts';

const report = fakeReport({ points: 40, picksPerRound: 20 });
const { rounds } = report;
/** The same rounds without a test set. */
const untested = rounds.map((round) => ({ ...round, testScore: null }));
/** With plain spaces in percentages. */
const plain = (caption: string) => caption.replaceAll('\u00a0', ' ');

describe('the caption of', () => {
  it('failures is about the test set, with the interval, the first model on the same items, and the change on the pool', () => {
    expect(plain(failureCaption(rounds))).toBe(
      '40 % of the answers to the test set failed in round 3. The 95 % interval is 30 % to 50 % (41 items). In round 1 it was 60 %, on the same items. On the 310 items of the pool that the model of round 1 answered too, it went from 60 % to 41 %.',
    );
    expect(failureRates(rounds).map(({ on, count }) => `${on} ${count}`)).toEqual(['test 41', 'test 41', 'test 41']);
    expect(areComparable(failureRates(rounds))).toBe(true);
  });

  it('failures is about the pool without a test set, where rates of different items are not compared', () => {
    expect(plain(failureCaption(untested))).toBe(
      '38 % of the answers failed in round 3. The 95 % interval is 33 % to 43 % (400 answers). On the 310 items of the pool that the model of round 1 answered too, it went from 60 % to 41 %.',
    );
    expect(areComparable(failureRates(untested))).toBe(false);
    const [first, second] = untested;
    expect(plain(failureCaption([first!]))).toBe(
      '62 % of the answers failed in round 1. The 95 % interval is 57 % to 67 % (400 answers).',
    );
    expect(failureCaption([{ ...first!, evaluated: 1, failures: 1 }])).toMatch(/ \(1 answer\)\.$/);
    const same = { ...second!.sinceFirst!, failureRate: { before: 0.5, after: 0.5 } };
    expect(plain(failureCaption([{ ...second!, sinceFirst: same }]))).toContain('answered too, it stayed at 50 %.');
  });

  it('scores is about what models are tested on, with the interval or the reason why there is none', () => {
    const heldOut = untested;
    expect(plain(scoreCaption(heldOut))).toBe(
      'Round 3’s model has a mean score of 6.02 on held-out labels (95 % interval 5.62 to 6.42, 41 items). It is +0.40 (95 %: +0.12 to +0.68, 41 items) over the previous model, on the same items.',
    );
    const few = { ...heldOut[0]!, test: { ...heldOut[0]!.test!, score: { count: 1, mean: 4.31, interval: null } } };
    expect(plain(scoreCaption([few]))).toBe(
      'Round 1’s model has a mean score of 4.31 on held-out labels (1 item, too few for a 95 % interval).',
    );
    expect(scoreCaption([{ ...rounds[2]!, gainOn: 'test' }])).toMatch(
      / on the test set .* It is \+0\.40 \(95 %: \+0\.12 to \+0\.68, 41 items\) over the previous model, on the test set\.$/,
    );
    const poolOnly = rounds.map((round) => ({ ...round, test: null }));
    expect(scoreCaption(poolOnly)).toBe(
      'Round 3’s model has a mean score of 5.70 on the pool (400 answers). It is +0.50 (95 %: +0.30 to +0.70) over the model of round 1, on the 310 items that both answered.',
    );
    expect(scoreCaption([poolOnly[0]!])).toBe('Round 1’s model has a mean score of 4.70 on the pool (400 answers).');
    expect(scoreCaption([])).toBe('No answer has been scored yet.');
  });

  it('coverage compares it with random picks, whichever is better', () => {
    const { coverage } = report;
    expect(radiusCaption(coverage!)).toMatch(
      /^With \d+ labels, the farthest instruction is \d\.\d{3} away from the nearest labeled one\. That is less than with random picks: \d\.\d{3} \(\d\.\d{3} to \d\.\d{3} in 5 draws\)\.$/,
    );
    expect(radiusCaption({ ...coverage!, sampled: 11_898 })).toMatch(
      /, the farthest of 11,898 sampled instructions is \d/,
    );
    const last = coverage!.labels.at(-1)!;
    const worse = { ...coverage!, labels: [{ ...last, radius: 9 }] };
    expect(radiusCaption(worse)).toContain(
      '9.000 away from the nearest labeled one. That is more than with random picks: ',
    );
    expect(radiusCaption({ ...worse, random: [] })).toMatch(/is 9\.000 away from the nearest labeled one\.$/);
    expect(categoriesCaption({ ...coverage!, categoryField: 'clusters' })).toMatch(
      /^With \d+ labels, \d of 8 clusters have at least one label\. With random picks, it is \d(\.\d)? on average\.$/,
    );
    const one = { ...coverage!, labels: [{ ...last, count: 1, categories: 1 }], random: [] };
    expect(categoriesCaption(one)).toMatch(/^With 1 label, 1 of 8 values of “category” has at least one label\.$/);
    expect(distanceCaption(one)).toMatch(/ away from the only labeled one\.$/);
  });

  it('costs says what the money was spent on', () => {
    const { spending } = report;
    expect(plain(costCaption(spending))).toMatch(
      /^\$\d+\.\d\d was spent or set aside: \d+ % for labels, \d+(\.\d)? % for judging answers, \d+(\.\d)? % for choosing and the rest for other things\.$/,
    );
    const labels = spending.byKindAndRound.filter(({ kind }) => kind === 'labels');
    expect(costCaption({ ...spending, byKindAndRound: labels })).toMatch(/ set aside, all of it for labels\.$/);
    expect(costCaption({ ...spending, byKindAndRound: [] })).toBe('Nothing has been spent or set aside.');
    const last = { round: 2, spentMicroUsd: 1_147_058, usefulLabels: 2, microUsdPerLabel: 573_529 };
    expect(labelCostCaption({ ...spending, perUsefulLabel: [last] })).toBe(
      'A useful label cost $0.57: $1.15 for 2 labels, without money set aside.',
    );
    const accounts = spending.accounts.map((account) => ({ ...account, reservedMicroUsd: 0 }));
    expect(labelCostCaption({ ...spending, accounts, perUsefulLabel: [last] })).toContain(
      ' for 2 labels, all costs included.',
    );
    const first = { round: 1, spentMicroUsd: 600_000, usefulLabels: 1, microUsdPerLabel: 600_000 };
    expect(labelCostCaption({ ...spending, perUsefulLabel: [first, last] })).toMatch(
      / At the end of round 1 it was \$0\.60\.$/,
    );
    expect(labelCostCaption({ ...spending, perUsefulLabel: [] })).toBe('There is no label to train on yet.');
  });

  it('the map says how much of the pool it shows', () => {
    expect(mapCaption(report.map!)).toMatch(
      /^The map shows 40 of 12,000 instructions: all that were picked and a sample of the others\. Similar items are close together \(UMAP of their embeddings\)\. By status: \d/,
    );
    expect(mapCaption({ ...report.map!, method: 'pca', instructions: 40 })).toMatch(
      /^The map shows all 40 instructions\. .* \(the first two principal components of their embeddings\)\. By status: \d/,
    );
  });
});

describe('scores are', () => {
  const histogram = { ...report.scores[0]!, says: 'Scored.', from: 1, to: 10, unscored: 0, threshold: 6 };

  it('drawn if there is a distribution to see', () => {
    expect(isWorthDrawing(histogram)).toBe(true);
    expect(plain(histogramCaption({ ...histogram, bins: [1, 1, 1, 1, 0, 1, 1, 1, 1], unscored: 2 }))).toBe(
      'Scored. 8 items have a score. 2 items have none. 50 % are below 6.',
    );
    // The threshold is not at the edge of a bin.
    expect(histogramCaption({ ...histogram, bins: [2, 2, 2, 2, 0, 0, 0, 0, 0], threshold: 6.5 })).toBe(
      'Scored. 8 items have a score.',
    );
  });

  it.each([
    [[0, 0, 0, 0, 0, 0, 0, 0, 0], 'Scored. 0 items have a score.'],
    [
      [1, 0, 0, 2, 0, 0, 0, 0, 0],
      'Scored. 3 items have a score, too few for a chart: 1 between 1 and 2, 2 between 4 and 5.',
    ],
    [[1], 'Scored. 1 item has a score: 5.5.'],
    [[20], 'Scored. 20 items have a score, all of them 5.5.'],
  ])('listed in words if they are %j', (bins, sentence) => {
    expect(isWorthDrawing({ ...histogram, bins })).toBe(false);
    expect(histogramCaption({ ...histogram, bins })).toBe(sentence);
  });

  it('counted without items that have no score', () => {
    expect(histogramCaption({ ...histogram, bins: [1], unscored: 1 })).toBe(
      'Scored. 1 item has a score: 5.5. 1 item has none.',
    );
  });
});

describe('a judge is', () => {
  const [judge] = report.judges as [JudgeAgreement];

  it('compared with people beside length, with an interval and the threshold that fits', () => {
    expect(plain(judgeCaption(judge))).toBe(
      'People kept 54 of 120 drafts. One they kept scores higher than one they edited or rejected in 78 % of all pairs; it is the longer one in 61 % (difference, 95 %: +6 to +28 points). A threshold of 6.5 fits their decisions best.',
    );
  });

  it('not recommended where length does as well', () => {
    const caption = judgeCaption({
      ...judge,
      of: 'instructions',
      noBetterThanLength: true,
      gain: { low: -0.1, high: 0 },
    });
    expect(plain(caption)).toContain('People answered 54 of 120 instructions.');
    expect(caption).toContain('−10 to +0 points). The judge is no better than length: use another one.');
  });
});

describe('numbers', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [100, 4],
    [0, 1],
  ])('on an axis with a range of %d have at most %d ticks, all of them whole numbers', (range, ticks) => {
    expect(countAxis(4, range)).toEqual({ ticks, nice: ticks, tickFormat: ',d' });
  });

  it('have as many decimals as they need', () => {
    expect([0, 0.004, 0.0996, 0.384, 1].map((share) => plain(percent(share)))).toEqual([
      '0 %',
      '0.4 %',
      '10 %',
      '38 %',
      '100 %',
    ]);
    expect([2.5, 0.1 + 0.2, -1.5, 1234].map(trimmed)).toEqual(['2.5', '0.3', '−1.5', '1,234']);
    expect([3, 0.25, 12.345, 123.45, 1234].map(compact)).toEqual(['3', '0.250', '12.3', '123', '1,234']);
  });
});
