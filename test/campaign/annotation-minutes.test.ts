import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { answerOf, CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
const timed = (task: { readonly id: string }) => ({ ...answerOf(task), seconds: 120, annotator: 'ana' });
const rounds = {
  most: 3,
  seed: { strategy: 'facility-location', count: 10 },
  necessity: { count: 6, evaluate: 40, threshold: 9.5 },
};

test('the minutes of a round are expected from recorded time, and told with its plan and its choice', async () => {
  const lab = new CampaignLab(home, 'expected', { rounds });
  const results = await lab.work((campaign) => lab.play(campaign, { say: timed, until: isStep('select', 2) }));
  const [first, second] = results.filter(({ step }) => step === 'plan-round');
  expect(first && 'notes' in first && first.notes.join()).not.toContain('minutes of work');
  expect(second && 'notes' in second && second.notes.join()).toContain(
    'About 12 minutes of work: 6 items at 2.0 minutes each, from recorded time.',
  );
  expect(results.at(-1)).toMatchObject({ details: { minutes: expect.closeTo(12, 6) } });
  expect(results.find(isStep('select'))).toMatchObject({ details: { minutes: null } });
});

test('budget.minutes caps the work that is used and expected, and says how to go on', async () => {
  const lab = new CampaignLab(home, 'capped', { rounds, budget: { minutes: 27 } });
  const results = await lab.work((campaign) => lab.play(campaign, { say: timed }));
  // Twenty minutes went to the ten of the first round, less what is junk; three items at two minutes fit, or a few more.
  const second = results.find(isStep('plan-round', 2));
  const used = lab.rows<{ minutes: number }>(
    'SELECT sum(seconds) / 60 AS minutes FROM annotation WHERE position IN (SELECT position FROM pick WHERE round = 1)',
  )[0]!;
  expect(second).toMatchObject({ details: { plan: { count: Math.min(6, Math.floor((27 - used.minutes) / 2)) } } });
  const last = results.at(-1);
  expect(last).toMatchObject({ step: 'stop', stop: { rule: 'budget' } });
  expect(last?.step === 'stop' && last.stop.message).toMatch(
    /^\d+ of 27 minutes of work are used or expected\. Raise budget\.minutes to continue\.$/,
  );
});

test('rounds.perMinute chooses shorter work, and says where it does nothing', async () => {
  const byLength = (task: Readonly<Record<string, unknown>> & { readonly id: string }) => {
    const length = `${String(task.instruction)}${String(task.input ?? '')}`.length;
    return { ...answerOf(task), seconds: 5 + length, annotator: 'ana' };
  };
  const minutesOfRound2 = async (name: string, perMinute: boolean) => {
    const lab = new CampaignLab(home, name, { rounds: { ...rounds, perMinute } });
    const results = await lab.work((campaign) => lab.play(campaign, { say: byLength, until: isStep('select', 2) }));
    const last = results.at(-1);
    return last?.step === 'select' && last.done ? last.details.minutes! : Number.NaN;
  };
  expect(await minutesOfRound2('per-minute', true)).toBeLessThan(await minutesOfRound2('as-usual', false));

  const lab = new CampaignLab(home, 'other-strategy', {
    rounds: { ...rounds, perMinute: true, seed: { strategy: 'random', count: 10 } },
  });
  const results = await lab.work((campaign) => lab.play(campaign, { until: isStep('plan-round') }));
  const plan = results.at(-1)!;
  expect('notes' in plan && plan.notes.join()).toContain(
    'rounds.perMinute does nothing for random: it works with facility-location.',
  );
});
