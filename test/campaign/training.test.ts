import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/campaign/config/load-config.ts';
import { trainingWorstCase } from '../../src/campaign/training-worst-case.ts';
import { systemClock } from '../../src/domain/clock.ts';
import { TrainingError } from '../../src/domain/errors.ts';
import { openCampaignState } from '../../src/store/campaign-state.ts';
import type { Trainer } from '../../src/trainers/trainer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();

async function upToTraining(lab: CampaignLab): Promise<void> {
  await lab.work((campaign) => lab.play(campaign, { until: isStep('wait-for-labels') }));
  await lab.work((campaign) => campaign.importLabels(lab.annotate(1)));
  await lab.work((campaign) => campaign.waitForLabels());
}

describe('a training that fails', () => {
  test('costs what its trainer says, nothing where nothing was submitted, however often it is tried', async () => {
    const lab = new CampaignLab(home, 'too-few', {
      trainer: {
        kind: 'openai',
        model: 'some-model',
        baseUrl: 'http://127.0.0.1:9/v1',
        trainingPrice: 25,
        price: { input: 1, output: 1 },
      },
      budget: { trainingUsd: 1 },
    });
    await upToTraining(lab);
    await lab.work(
      async (campaign) => {
        for (let tries = 1; tries <= 3; tries += 1) {
          await expect(campaign.train()).rejects.toThrow('Fine-tuning takes at least 10 examples');
          const { spending } = await campaign.status();
          expect(spending.training).toEqual({ settledMicroUsd: 0, reservedMicroUsd: 0 });
        }
        expect(campaign.ledger().filter(({ account }) => account === 'training')).toHaveLength(3);
      },
      { environment: { OPENAI_API_KEY: 'a-key' } },
    );
  });

  test('is paid for, and tried again only where the cap has room for another', async () => {
    const lab = new CampaignLab(home, 'failing', {
      trainer: { kind: 'command', command: 'exit 3', costUsd: 0.5 },
      budget: { trainingUsd: 1.4 },
    });
    await upToTraining(lab);
    await lab.work(
      async (campaign) => {
        await expect(campaign.train()).rejects.toThrow(TrainingError);
        await expect(campaign.train()).rejects.toThrow(TrainingError);
        const { spending } = await campaign.status();
        expect(spending.training).toEqual({ settledMicroUsd: 1_000_000, reservedMicroUsd: 0 });
        expect(await campaign.train()).toMatchObject({ done: false, because: 'budget' });
        expect(lab.rows('SELECT rule FROM stop')).toEqual([{ rule: 'budget' }]);
      },
      { clock: systemClock },
    );
  });
});

test('a training that goes on unattended keeps the cap and the labels it was started with', async () => {
  const lab = new CampaignLab(home, 'left', {
    trainer: {
      kind: 'command',
      command: `while [ ! -e go ]; do sleep 0.05; done; echo '{"model": "seed-r1", "costUsd": 0.3}'`,
      costUsd: 0.5,
    },
    budget: { trainingUsd: 0.8 },
  });
  await upToTraining(lab);
  const leave = new AbortController();
  const left = await lab.work((campaign) => campaign.train(), {
    clock: systemClock,
    signal: leave.signal,
    onNote: () => leave.abort(new Error('Left.')),
  });
  expect(left).toMatchObject({ done: false, because: 'interrupt' });

  const trainingFile = lab.read('rounds/1/training/train.json');
  const before = lab.rows<{ id: number }>('SELECT id FROM annotation ORDER BY id').map(({ id }) => id);
  await lab.work((campaign) =>
    campaign.importLabels(lab.annotate(1, () => ({ response: 'Something else, said too late.' }))),
  );
  lab.write('go', '');
  const trained = await lab.work((campaign) => campaign.train(), { clock: systemClock });
  expect(trained).toMatchObject({ done: true, details: { model: 'seed-r1' } });
  expect(lab.read('rounds/1/training/train.json')).toBe(trainingFile);
  const examples = lab.rows<{ id: number }>('SELECT annotation_id AS id FROM training_example').map(({ id }) => id);
  expect(examples.length).toBeGreaterThan(0);
  expect(before).toEqual(expect.arrayContaining(examples));
  expect(lab.rows('SELECT cost_micro_usd AS cost FROM expense_outcome JOIN expense ON id = expense_id')).toContainEqual(
    {
      cost: 300_000,
    },
  );
});

const SAYS = (costUsd: number) => `echo '${JSON.stringify({ model: 'seed', costUsd })}'`;

describe('a training without a stated cost', () => {
  test.each(['totalUsd', 'trainingUsd'])(
    'does not start under budget.%s, and is asked for before labels are',
    async (cap) => {
      const lab = new CampaignLab(home, `unstated-${cap}`, {
        trainer: { kind: 'command', command: SAYS(5) },
        budget: { [cap]: 3 },
      });
      const error = {
        code: 'CONFIG_INVALID',
        message: `budget.${cap} is a limit, but the trainer "command" does not state what a training can cost.`,
      };
      await lab.work(async (campaign) => {
        await expect(lab.play(campaign, { until: isStep('train') })).rejects.toMatchObject(error);
      });
      expect(lab.rows('SELECT * FROM expense')).toEqual([]);
      lab.configure({ trainer: { kind: 'command', command: SAYS(5), worstCaseUsd: 5 }, budget: { [cap]: 30 } });
      await lab.work((campaign) => lab.play(campaign, { until: isStep('train') }), { clock: systemClock });
      const { training } = (await lab.work((campaign) => campaign.status())).spending;
      expect(training).toEqual({ settledMicroUsd: 5_000_000, reservedMicroUsd: 0 });
    },
  );

  test('costs what the command says where nothing is capped', async () => {
    const lab = new CampaignLab(home, 'uncapped', { trainer: { kind: 'command', command: SAYS(5) }, budget: {} });
    await lab.work((campaign) => lab.play(campaign, { until: isStep('train') }), { clock: systemClock });
    const { training } = (await lab.work((campaign) => campaign.status())).spending;
    expect(training.settledMicroUsd).toBe(5_000_000);
  });
});

test('a training that cost more than was stated is expected to do so again', () => {
  const options = { clock: systemClock, caps: { trainingMicroUsd: 3_000_000 }, version: '0' };
  const state = openCampaignState(home.file('dearer.db'), options);
  const config = parseConfig('pool: { files: [a.jsonl] }\nbudget: { trainingUsd: 3 }', 'winnow.yaml');
  const trainer = (name: string): Trainer => ({
    name,
    worstCaseMicroUsd: () => 100,
    train: () => Promise.reject(new Error('not needed')),
  });
  try {
    expect(trainingWorstCase({ state, config }, trainer('command'), { examples: [] })).toBe(100);
    for (const [round, costMicroUsd] of [
      [1, 2_000_000],
      [2, 50],
    ] as const) {
      state.models.saveModel({ round, trainer: 'command', name: 'm', baseUrl: null, costMicroUsd }, {});
    }
    expect(trainingWorstCase({ state, config }, trainer('command'), { examples: [] })).toBe(2_000_000);
    expect(trainingWorstCase({ state, config }, trainer('another'), { examples: [] })).toBe(100);
  } finally {
    state.close();
  }
});
