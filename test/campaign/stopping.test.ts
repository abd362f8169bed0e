import { describe, expect, test } from 'vitest';
import { STOP_RULES, type StopRule } from '../../src/domain/round.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, POOL } from './campaign-lab.ts';

const home = temporaryFolder();
const ROUNDS = { seed: { strategy: 'k-center', count: 6 }, necessity: { count: 4, evaluate: 20, threshold: 8 } };

/** A campaign that each rule ends, and one change that lets it go on. */
const CASES: Readonly<Record<StopRule, { config: object; goOn: object; says: RegExp }>> = {
  budget: {
    config: { rounds: { most: 9, ...ROUNDS }, budget: { labels: 6 } },
    goOn: { rounds: { most: 9, ...ROUNDS }, budget: { labels: 7 } },
    says: /budget\.labels/,
  },
  'pool-exhausted': {
    config: { rounds: { most: 9, ...ROUNDS, seed: { strategy: 'k-center', count: 99 } } },
    goOn: {
      pool: { files: ['pool.jsonl', 'more.jsonl'] },
      rounds: { most: 9, ...ROUNDS, seed: { strategy: 'k-center', count: 99 } },
    },
    says: /pool\.files/,
  },
  'failure-rate': {
    config: { rounds: { most: 9, ...ROUNDS }, stop: { failureRateBelow: 1 } },
    goOn: { rounds: { most: 9, ...ROUNDS }, stop: { failureRateBelow: 0.01 } },
    says: /fails at \d+\.\d %/,
  },
  'no-improvement': {
    config: { rounds: { most: 9, ...ROUNDS }, stop: { noImprovementRounds: 1, leastImprovement: 9 } },
    goOn: { rounds: { most: 9, ...ROUNDS }, stop: { noImprovementRounds: 5, leastImprovement: 9 } },
    says: /no longer improves: [+−]\d\.\d\d in the last rounds/,
  },
  'coverage-radius': {
    config: { rounds: { most: 9, ...ROUNDS }, stop: { coverageRadiusBelow: 2 } },
    goOn: { rounds: { most: 9, ...ROUNDS }, stop: { coverageRadiusBelow: 0.01 } },
    says: /farther than \d\.\d+ from a labeled one/,
  },
  'most-rounds': {
    config: { rounds: { most: 1, ...ROUNDS } },
    goOn: { rounds: { most: 2, ...ROUNDS } },
    says: /1 of 1 rounds are done/,
  },
};

describe('a real campaign', () => {
  test.each(STOP_RULES)('is ended by %s, which is recorded once, shown, and no end for good', async (rule) => {
    const { config, goOn, says } = CASES[rule];
    const labels = { heldOutShare: 0.25 };
    const lab = new CampaignLab(home, rule, { ...config, labels });
    const results = await lab.work((campaign) => lab.play(campaign));
    const last = results.at(-1)!;
    const round = Math.max(...results.map((result) => result.round));
    expect(last).toMatchObject({ step: 'stop', done: true, round, stop: { rule }, costMicroUsd: 0 });

    await lab.work(async (campaign) => {
      expect(await campaign.next()).toEqual(last);
      expect(await campaign.run()).toEqual(last);
      const { stop, next, command } = await campaign.status();
      expect(stop).toMatchObject({ rule, message: expect.stringMatching(says) });
      expect(next).toEqual({ step: 'stop', round, stop });
      expect({ ...command, line: String(command.line) }).toEqual({ line: 'winnow status', because: stop!.message });
    });
    expect(lab.rows('SELECT round, rule FROM stop')).toEqual([{ round, rule }]);

    lab.configure({ ...goOn, labels });
    lab.writePool('more.jsonl', [{ ...POOL[0]!, id: 'new', instruction: 'Name three rivers that flow north.' }]);
    await lab.work(async (campaign) => {
      const { step } = await campaign.next();
      expect(step).toBe(rule === 'pool-exhausted' ? 'add-pool' : 'plan-round');
    });
  });
});
