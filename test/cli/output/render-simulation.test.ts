import { describe, expect, it } from 'vitest';
import { renderSimulation } from '../../../src/cli/output/render-simulation.ts';
import { simulationDocument } from '../../../src/runs/simulate/result-tables.ts';
import type { SimulationResult } from '../../../src/runs/simulate/simulation-result.ts';
import { handMadeResult } from '../../runs/simulate/hand-made-result.ts';

const render = (result: SimulationResult, width = 80) =>
  renderSimulation(simulationDocument(result), { metric: 'rougeL', width, written: [] });
/** Sentences are folded where they are printed; tables and charts must fit as they are. */
const fitted = (text: string) =>
  text.split('\n').filter((line) => !/^(?:At|Over|Mean|Not) |^ {2}(?:note|missing) /.test(line));
const titles = (text: string) =>
  text.match(/ROUGE-L by labels[\s\S]*?\n\n(?=Learning)/)?.[0].match(/^ {10,}\d[\d, ]+$/gm);

describe('a simulation, shown', () => {
  it('is folded where the budgets do not fit beside each other', () => {
    const budgets = [25, 50, 100, 200, 400, 800, 1600];
    const arms = ['random', 'facility-location:quality-weight=0.5', 'k-means'];
    const narrow = render(handMadeResult({ arms, budgets }));
    expect(titles(narrow)!.length).toBe(3);
    expect(titles(render(handMadeResult({ arms, budgets }), 120))!.length).toBe(2);
    expect(
      titles(render(handMadeResult({ arms: ['random', 'facility-location'], budgets: budgets.slice(0, 4) }))),
    ).toHaveLength(1);
    for (const budget of ['25', '1,600']) expect(narrow).toContain(` ${budget}`);
    for (const line of fitted(narrow)) expect([...line].length).toBeLessThanOrEqual(80);
  });

  it('marks the best, all of them where they are equal, and none where all are', () => {
    const value = (arm: string, budget: number) => (budget === 10 ? 0.5 : arm === 'random' ? 0.25 : 0.75);
    const [, ten, twenty] = render(handMadeResult({ budgets: [10, 20], value })).match(
      /k-means +(\S+ \S+) +(\S+ \S+ \S)/,
    )!;
    expect(ten).toBe('0.500 ±.000');
    expect(twenty).toBe('0.750 ±.000 ◂');
    const row = /k-center +0\.500 ±\.000 +0\.750 ±\.000 ◂/;
    expect(render(handMadeResult({ budgets: [10, 20], value }))).toMatch(row);
  });

  it('gives every mean its interval and its number of seeds, and ranks only curves of the same seeds', () => {
    const value = (arm: string, budget: number, seed: number) =>
      arm === 'k-means' && seed === 2 ? undefined : budget / 1000 + seed / 10 + (arm === 'k-center' ? 0.01 : 0);
    const shown = render(handMadeResult({ budgets: [10, 20], value }));
    expect(shown).toContain('ROUGE-L by labels: mean of 3 seeds ± half the 95 % interval\n');
    expect(shown).toContain('The other metrics at 20 labels: mean of 3 seeds ± half the 95 % interval\n');
    // t(0.975; 2) · 0.1 / √3 = 0.248; t(0.975; 1) · √0.005 / √2 = 0.635.
    expect(shown).toMatch(/random +0\.110 \.000–\.358 +0\.120 \.000–\.368\n/);
    expect(shown).toMatch(/k-means +0\.060 \.000–\.695 n=2 +0\.070 \.000–\.705 n=2\n/);
    expect(shown).toContain(
      'Mean ROUGE-L over the 2 budgets, 3 seeds, ± half the 95 % interval: k-center 0.125 .000–.373, random 0.115 .000–.363.\n' +
        'Not comparable, as seeds are missing: k-means 0.065 .000–.700 (2 seeds).',
    );
    expect(shown).toContain('k-center is best by ROUGE-L (0.130, 95 % 0.000 to 0.378, 3 seeds)');
    const one = render(handMadeResult({ budgets: [10, 20], seeds: [0], value }));
    expect(one).toContain('ROUGE-L by labels: one seed\n');
    expect(one).toMatch(/Mean ROUGE-L over the 2 budgets, one seed: k-center 0\.025, /);
  });

  it('draws a bar for each arm where there is one budget and so no curve, and none where there are more', () => {
    const value = (arm: string) => (arm === 'random' ? 0.2 : arm === 'k-means' ? 0.4 : 0);
    const shown = render(handMadeResult({ budgets: [10], value }));
    expect(shown).toMatch(new RegExp(`random .*  ${'█'.repeat(15)}\n`));
    expect(shown).toMatch(new RegExp(`k-means .*  ${'█'.repeat(30)}\n`));
    expect(shown).toMatch(/k-center +0\.000 ±\.000\n/);
    for (const line of fitted(shown)) expect([...line].length).toBeLessThanOrEqual(80);
    expect(render(handMadeResult({ budgets: [10], value: () => 0 }))).not.toContain('█');
    expect(render(handMadeResult({ budgets: [10, 20], value }))).not.toContain('█');
  });

  it('marks what differs from the baseline', () => {
    const value = (arm: string, _: number, seed: number) =>
      seed / 10 + (arm === 'k-means' ? 0.2 + seed / 1e4 : seed / 1e5);
    const shown = render(handMadeResult({ budgets: [10], seeds: [0, 1, 2, 3], value }));
    expect(shown).toMatch(/k-means +0\.350 ±\.\d{3} ◂\*/);
    expect(shown).toMatch(/random +0\.150 \.000–\.355 +█+.?\n/);
    expect(shown).toContain('* differs from random (5 %, paired, Holm)');
  });

  it('tells what is missing once a cause, with all its budgets and seeds', () => {
    const result = handMadeResult({
      value: (arm, budget, seed) => (arm === 'k-means' && budget > 50 && seed < 2 ? undefined : 0.5),
    });
    const alike = { ...result, missing: result.missing.map((cell) => ({ ...cell, because: 'No usable reply.' })) };
    expect(render(alike)).toContain('  missing  k-means at 100 and 200, seeds 0 and 1: No usable reply.\n');
    expect(render(alike)).toContain('Simulated 3 arms at 3 budgets with 3 seeds: 23 of 27 cells');
    const none = handMadeResult({ value: (arm) => (arm === 'k-means' ? undefined : 0.5) });
    expect(render(none)).toMatch(/missing {2}k-means at 50, all seeds: Asked for 50/);
    const many = Array.from({ length: 9 }, (_, seed) => ({
      arm: 'k-means',
      budget: 50,
      seed,
      because: `cause ${seed}`,
    }));
    expect(render({ ...result, missing: many })).toContain('… and 4 more; --json lists them all');
  });

  it('says what is spent, set aside and left, where it cost anything', () => {
    const money = { spentMicroUsd: 750_000, setAsideMicroUsd: 250_000, maxMicroUsd: 2_000_000 };
    expect(render({ ...handMadeResult(), ...money })).toMatch(
      /spent +\$0\.50\n +set aside +\$0\.25: calls and trainings that may have been billed without a result; it counts as spent from now on\n +left +\$1\.25 of \$2\.00\n/,
    );
    expect(render({ ...handMadeResult(), ...money, spentMicroUsd: 0 })).not.toContain('set aside');
  });

  it('shows nothing of what could steer a terminal', () => {
    const evil = 'evil \u001b[2J\u0007\u202e';
    const result = handMadeResult({ arms: ['random', evil] });
    const shown = render({
      ...result,
      data: { ...result.data, files: [evil], categoryField: evil },
      trainer: evil,
      notes: [evil],
      missing: [{ arm: evil, budget: 50, seed: 9, because: evil }],
    });
    for (const character of ['\u001b[2J', '\u0007', '\u202e']) expect(shown).not.toContain(character);
    expect(shown).toContain('evil');
  });

  it('says how to go on where it stopped before its end', () => {
    const result = handMadeResult();
    expect(render({ ...result, end: 'budget' })).toMatch(/^Stopped by the budget[\s\S]*next {2}.*Raise the cap/);
    expect(render({ ...result, end: 'interrupt' })).toMatch(
      /^Interrupted[\s\S]*next {2}.*same command again to continue\.\n/,
    );
    expect(render({ ...result, end: 'provider' })).toContain('Fix the problem above');
    expect(render(result)).not.toContain('Finished work');
  });

  it('has something to show of nothing', () => {
    const shown = render(handMadeResult({ value: () => undefined }));
    expect(shown).toContain('0 of 27 cells');
    expect(shown).not.toContain('Learning curves');
  });
});
