import { stripVTControlCharacters as plain } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { RoundStatus } from '../../../src/campaign/status.ts';
import {
  describeLabelsIn,
  failurePairs,
  failureRateLines,
  labelsIn,
  renderModels,
  renderRounds,
} from '../../../src/cli/output/render-rounds.ts';

const NOTHING = { labeled: 0, rejected: 0, skipped: 0, awaited: 0, model: null, outcome: null };

function round(number: number, more: Partial<RoundStatus> = {}): RoundStatus {
  return { number, kind: 'seed', strategy: 'k-means', adapted: null, planned: 10, selected: 10, ...NOTHING, ...more };
}

function evaluated(number: number, failureRate: number | null, improvement: number | null = null): RoundStatus {
  const model = `m${number}`;
  const counts = { unjudged: 0, failures: 1, evaluated: 40, threshold: 6, instructions: 100 };
  const scores = { poolScore: 5, heldOutScore: 4, testScore: null, coverageRadius: 1 };
  const outcome = {
    round: number,
    model,
    comparedOn: 'held-out',
    ...counts,
    ...scores,
    failureRate,
    improvement,
  } as const;
  return round(number, { model, outcome });
}

const estimate = (mean: number, half: number) => ({
  count: 50,
  mean,
  interval: { low: mean - half, high: mean + half },
});

function tested(base: RoundStatus, rate: number): RoundStatus {
  const quality = { rougeL: estimate(0.2, 0.03), chrF: null, cosine: null };
  const failureRate = { count: 50, mean: rate, interval: { low: 0.46, high: 0.72 } };
  const change = {
    ...{ since: 1, on: 'test' as const, count: 50, before: 0.6, after: rate },
    ...{ failureRate: estimate(rate - 0.6, 0.12), score: estimate(0.3, 0.2) },
  };
  const test = { from: 'test-set' as const, score: estimate(5, 0.4), failureRate, ...quality };
  return {
    ...base,
    outcome: { ...base.outcome!, figures: { test, poolScore: null, changes: base.number === 1 ? [] : [change] } },
  };
}

describe('the labels of a round', () => {
  it('are in when everyone who should answer has, whether they answered, rejected or skipped', () => {
    expect(labelsIn(round(1, { labeled: 3, rejected: 1, skipped: 2, awaited: 4 }))).toBe(6);
    expect(labelsIn(round(1, { labeled: 9, awaited: 4 }))).toBe(6);
    expect(describeLabelsIn(round(1, { labeled: 5, awaited: 5 }), 4)).toEqual({ gauge: '██░░', count: '5 of 10' });
    expect(describeLabelsIn(round(1, { selected: 0 }), 4)).toEqual({ gauge: '░░░░', count: '0 of 0' });
  });

  it('are told beside what was planned only where less was chosen', () => {
    expect(plain(renderRounds([round(1)], 80))).not.toContain('planned');
    expect(plain(renderRounds([round(1, { planned: 12 }), round(2)], 80))).toMatch(
      /planned.*\n +1 +seed +k-means +12 .* 0 of 10 .*\n +2 +seed +k-means +░/,
    );
  });
});

describe('the models of the rounds', () => {
  it('are shown with what they gained, and how sure that is', () => {
    const withGain = (mean: number, half: number) => {
      const base = evaluated(2, 0.5, mean);
      return plain(renderModels([{ ...base, outcome: { ...base.outcome!, gain: estimate(mean, half) } }], 100)!);
    };
    expect(withGain(0.31, 0.12)).toContain(' +0.31 ± 0.12 ');
    expect(withGain(-0.31, 0.5)).toContain(' −0.31 ± 0.50 ');
    expect(plain(renderModels([evaluated(2, 0.5, -0.31)], 100)!)).toContain(' −0.31 ');
  });

  it('are shown from the first one on, also before they are evaluated', () => {
    expect(renderModels([round(1)], 80)).toBeUndefined();
    expect(plain(renderModels([round(1, { model: 'm1' }), round(2)], 80)!)).toBe(
      'Seed models\n  round  model\n      1  m1     not evaluated',
    );
  });

  it('have got better or worse by so much, with the interval and the number of items of each rate', () => {
    const shown = plain(renderModels([evaluated(1, 0.5), evaluated(2, 0.4, 0.5), evaluated(3, 0.45, -0.25)], 80)!);
    expect(shown).toMatch(
      /\n +1 +m1 +█████ +50\.0 % +35–65 % +40 .* – .*\n +2 .*40\.0 % .*\+0\.50 .*\n +3 .*45\.0 % .*−0\.25 /,
    );
    expect(shown).toContain('Seed models on the pool of each round');
  });

  it('are compared on the test set where every model was evaluated on it', () => {
    const rounds = [0.6, 0.5].map((rate, index) => tested(evaluated(index + 1, 0.9), rate));
    const shown = plain(renderModels(rounds, 120)!);
    expect(shown).toContain('Seed models on the same 50 test items');
    expect(shown).toMatch(/\n +1 .* 60\.0 % +46–72 % +50 +5\.00 ± 0\.40 +0\.20 ± 0\.03 /);
    expect(failurePairs(rounds)).toEqual([
      ['fails at', '50 % of 50 test items (95 %: 46–72 %)'],
      ['', '60 → 50 % since round 1, on the same 50 (−22 to +2 points)'],
    ]);
    // Late labels made it larger: the rounds have different items of it.
    const [first, second] = rounds as [RoundStatus, RoundStatus];
    const figures = first.outcome!.figures!;
    const test = { ...figures.test!, failureRate: { ...figures.test!.failureRate, count: 40 } };
    const smaller = { ...first, outcome: { ...first.outcome!, figures: { ...figures, test } } };
    expect(plain(renderModels([smaller, second], 120)!)).toContain('Seed models on the test set (');
    // A round that was not evaluated on it makes them incomparable.
    expect(plain(renderModels([...rounds, evaluated(3, 0.45)], 120)!)).toContain('on the pool of each round');
  });

  it('say of how many items a figure is that not all of them have', () => {
    const first = tested(evaluated(1, 0.9), 0.6);
    const { figures } = first.outcome!;
    const cosine = { ...estimate(0.7, 0.1), count: 48 };
    const some = { ...first.outcome!, figures: { ...figures!, test: { ...figures!.test!, cosine } } };
    expect(plain(renderModels([{ ...first, outcome: some }], 200)!)).toMatch(/0\.20 ± 0\.03 +0\.70 ± 0\.10 of 48/);
  });

  it('are drawn by how often they fail, the last five of them, where that is known', () => {
    const rounds = [
      ...[0.9, 0.8, 0.7, 0.6, 0.5, 0.25].map((rate, index) => evaluated(index + 1, rate)),
      evaluated(7, null),
    ];
    const lines = failureRateLines([...rounds, round(8)]);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe(`round 2   ${'█'.repeat(16)}      80.0 % of 40 (95 %: 65–90 %)`);
    expect(lines[4]).toBe(`round 6   ${'█'.repeat(5)}                 25.0 % of 40 (95 %: 14–40 %)`);
  });
});
