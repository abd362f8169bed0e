import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { type ChatAnswerer, chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep, POOL } from './campaign-lab.ts';

const home = temporaryFolder();
const TRAINING_USD = 0.5;
/** The model is named after the folder of its training: training, training-selected or training-random. */
const COMMAND = `echo "{\\"model\\": \\"$(basename "$(dirname "$WINNOW_TRAINING_FILE")")\\", \\"costUsd\\": ${TRAINING_USD}}"`;

/** The model of selected labels knows every answer, the others none. */
const answer: ChatAnswerer = (prompt) => {
  if (prompt.system !== '') return chooseLongest(prompt);
  const known = POOL.find(({ instruction }) => prompt.text.includes(instruction));
  return { text: prompt.request.body.model === 'training-selected' ? known!.output : 'No idea at all.' };
};

let server: ProviderServer;
beforeAll(async () => {
  server = await startOpenAiServer({ chat: answer });
});
afterAll(() => server.close());

function labFor(
  name: string,
  { train, command = COMMAND, trainingUsd = 100 }: { train: boolean; command?: string; trainingUsd?: number },
) {
  return new CampaignLab(home, name, {
    control: { train },
    budget: { trainingUsd },
    labels: { test: 8 },
    trainer: {
      kind: 'command',
      command,
      worstCaseUsd: TRAINING_USD,
      serve: { baseUrl: `${server.url}/v1`, price: { input: 0, output: 0 }, contextTokens: 32_000 },
    },
    rounds: {
      most: 1,
      control: 0.5,
      seed: { strategy: 'facility-location', count: 12 },
      necessity: { count: 4, evaluate: 10, select: 'pool' },
    },
  });
}

describe('with a trainer that costs', () => {
  test('control.train pays for two more trainings a round, and says what selecting gains', async () => {
    const lab = labFor('pays', { train: true });
    await lab.work(
      async (campaign) => {
        await lab.play(campaign);
        const { selection, spending, rounds } = await campaign.status();
        expect(selection!.gain).toMatchObject({ verdict: 'helps', labels: 6, rounds: 1, worth: null });
        expect(selection!.gain!.difference.count).toBe(rounds[0]!.outcome!.figures!.test!.score.count);
        expect(selection!.sentence).toMatch(/^Selecting helps: 6 selected labels score \+\d/);
        expect(spending.training).toEqual({ settledMicroUsd: 1_500_000, reservedMicroUsd: 0 });
      },
      { clock: systemClock },
    );
    const trainedOn = (arm: string) => JSON.parse(lab.read(`rounds/1/training-${arm}/train.json`)) as object[];
    expect(trainedOn('selected')).toHaveLength(6);
    expect(trainedOn('random')).toHaveLength(6);
    expect(trainedOn('selected')).not.toEqual(trainedOn('random'));
  });

  test('without it nothing more is trained, and status says what it takes', async () => {
    const lab = labFor('does-not', { train: false });
    await lab.work(
      async (campaign) => {
        await lab.play(campaign);
        const { selection, spending } = await campaign.status();
        expect(selection).toMatchObject({ gain: null });
        expect(selection!.sentence).toContain('that takes control.train: true');
        expect(spending.training).toEqual({ settledMicroUsd: 500_000, reservedMicroUsd: 0 });
      },
      { clock: systemClock },
    );
  });

  test('a training that fails is paid for, tried again, and never repeated once it is done', async () => {
    const failing = `case "$WINNOW_TRAINING_FILE" in *training-random*) [ -e go ] || exit 3;; esac; ${COMMAND}`;
    const lab = labFor('fails', { train: true, command: failing });
    await lab.work(
      async (campaign) => {
        await lab.play(campaign, { until: isStep('evaluate') });
        await expect(campaign.findFailures()).rejects.toThrow(/random labels.*comparison only, failed/);
        expect((await campaign.status()).spending.training.settledMicroUsd).toBe(1_500_000);
        lab.write('go', '');
        expect(await campaign.findFailures()).toMatchObject({ done: true });
        const { selection, spending } = await campaign.status();
        expect(selection!.gain!.verdict).toBe('helps');
        expect(spending.training).toEqual({ settledMicroUsd: 2_000_000, reservedMicroUsd: 0 });
      },
      { clock: systemClock },
    );
  });

  test('a training that is left goes on where it was, and is paid for once', async () => {
    const waiting = `case "$WINNOW_TRAINING_FILE" in *training-random*) while [ ! -e go ]; do sleep 0.05; done;; esac; ${COMMAND}`;
    const lab = labFor('left', { train: true, command: waiting, trainingUsd: 1.5 });
    await lab.work((campaign) => lab.play(campaign, { until: isStep('evaluate') }), { clock: systemClock });
    const leave = new AbortController();
    const onNote = () => {
      if (lab.rows(`SELECT 1 FROM comparison_event WHERE arm = 'random'`).length > 0) leave.abort(new Error('Left.'));
    };
    const options = { clock: systemClock, signal: leave.signal, onNote };
    const left = await lab.work((campaign) => campaign.findFailures(), options);
    expect(left).toMatchObject({ done: false, because: 'interrupt' });
    lab.write('go', '');
    await lab.work(
      async (campaign) => {
        expect(await campaign.findFailures()).toMatchObject({ done: true });
        const { selection, spending } = await campaign.status();
        expect(selection!.gain!.verdict).toBe('helps');
        expect(spending.training).toEqual({ settledMicroUsd: 1_500_000, reservedMicroUsd: 0 });
      },
      { clock: systemClock },
    );
    expect(lab.rows(`SELECT arm FROM comparison_event WHERE event = 'started' ORDER BY id`)).toEqual([
      { arm: 'selected' },
      { arm: 'random' },
    ]);
  });

  test('no label is ordered where the cap on training has no room for all three', async () => {
    const lab = labFor('capped', { train: true, trainingUsd: 1.4 });
    const results = await lab.work((campaign) => lab.play(campaign));
    expect(results.at(-1)).toMatchObject({ step: 'stop', stop: { rule: 'budget' } });
    expect(lab.rows('SELECT * FROM expense')).toEqual([]);
  });
});
