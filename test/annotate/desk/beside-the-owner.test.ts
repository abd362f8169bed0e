import { expect, test } from 'vitest';
import { openDesk } from '../../../src/annotate/desk/annotation-desk.ts';
import { isStep } from '../../campaign/campaign-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab, noon } from './desk-lab.ts';

const home = temporaryFolder();
const ALL = { filter: 'all', search: '', offset: 0, limit: 100 } as const;

test('an open desk sees labels imported by others, and the next round as soon as it is handed out', async () => {
  const rounds = {
    most: 2,
    seed: { strategy: 'k-center', count: 8 },
    necessity: { count: 6, evaluate: 40, threshold: 8 },
  };
  const lab = await deskLab(home, 'stays-open', { rounds });
  await atDesk(lab, async (desk) => {
    await lab.work(async (campaign) => {
      const { number } = desk.next('Ann')!;
      const [first, ...others] = lab.tasks(1).map(({ id }) => ({ id, response: 'By Ben.', annotator: 'Ben' }));
      await campaign.importLabels(lab.writeLabels(others));
      expect(desk.progress('Ann')).toMatchObject({ complete: 7, leftForMe: 1 });
      expect(await campaign.next()).toMatchObject({ step: 'wait-for-labels', because: 'waiting' });
      expect(desk.open('Ann', number).id).toBe(first!.id);
      desk.submit('Ann', number, answer('By Ann.'));
      expect(desk.next('Ann')).toBeNull();
      expect(desk.progress(null)).toMatchObject({ round: 1, complete: 8, isWaiting: true });
      expect(await campaign.next()).toMatchObject({ step: 'wait-for-labels', done: true });
      expect(desk.progress(null)).toMatchObject({ round: 1, isWaiting: false });
      await lab.play(campaign, { until: isStep('export', 2) });
      expect(desk.round()).toBe(2);
      expect(desk.next('Ann')).toMatchObject({ round: 2, rank: 1, of: 6 });
      expect(desk.progress('Ann')).toMatchObject({ round: 2, kind: 'necessity', items: 6, leftForMe: 6 });
      expect(desk.progress('Ann', 1)).toMatchObject({ round: 1, kind: 'seed', items: 8, mine: { answered: 1 } });
    });
  });
});

test('a finished round gives out no items, but still stores labels for items that a person had started', async () => {
  const lab = await deskLab(home, 'went-on', { labels: { heldOutShare: 0, perLabelUsd: 0.25 } });
  await atDesk(lab, async (desk) => {
    const [first, second, third] = desk.list('Ann', ALL).items.map(({ number }) => number) as [number, number, number];
    desk.submit('Ben', third, answer('In time.'));
    desk.open('Ann', first);
    desk.save('Ann', first, { revision: 0, response: 'Started', comment: '', seconds: 0 });
    desk.save('Ben', second, { revision: 0, response: 'By Ben', comment: '', seconds: 0 });
    await lab.work((campaign) => campaign.waitForLabels({ goOn: true }));
    expect(desk.next('Cleo')).toBeNull();
    expect(desk.progress('Ann')).toMatchObject({ isWaiting: false, complete: 1, leftForMe: 0, hoursLeft: null });
    expect(desk.list('Cleo', ALL).counts).toMatchObject({ all: 6, open: 0 });
    expect(desk.open('Cleo', second)).toMatchObject({ state: 'complete', heldUntilMs: null, peopleWanted: 0 });
    expect(desk.open('Ann', first)).toMatchObject({ state: 'draft', writing: { response: 'Started' } });
    expect(desk.submit('Ann', first, answer('Late.', { revision: 1 }))).toMatchObject({ state: 'answered' });
    expect(desk.progress('Ann')).toMatchObject({ spentMicroUsd: 500_000, reservedMicroUsd: 0, mine: { answered: 1 } });
  });
  await lab.work(async (campaign) => {
    expect((await campaign.status()).labels).toMatchObject({ labeled: 2, awaited: 0 });
  });
});

test('money shows the figures of the ledger and the configured cap', async () => {
  const config = { labels: { heldOutShare: 0, perLabelUsd: 0.25 }, budget: { labelUsd: 10 } };
  const lab = await deskLab(home, 'money', config);
  await atDesk(lab, async (desk) => {
    const check = async () => {
      const { spending } = await lab.work((campaign) => campaign.status());
      const { settledMicroUsd, reservedMicroUsd } = spending.labels;
      const shown = { spentMicroUsd: settledMicroUsd, reservedMicroUsd, capMicroUsd: 10_000_000 };
      expect(desk.progress('Ann')).toMatchObject(shown);
      return settledMicroUsd;
    };
    expect(await check()).toBe(0);
    const { number } = desk.next('Ann')!;
    desk.submit('Ann', number, answer('One.'));
    expect(await check()).toBe(250_000);
    desk.submit('Ann', desk.next('Ann')!.number, { ...answer('', { comment: 'No.' }), verdict: 'skipped' });
    expect(await check()).toBe(250_000);
  });
});

test('two desks on one campaign see each other’s changes immediately', async () => {
  const lab = await deskLab(home, 'two-desks');
  const clock = await noon();
  const [one, other] = [await openDesk(lab.folder, { clock }), await openDesk(lab.folder, { clock })];
  const { number } = one.next('Ann')!;
  expect(other.next('Ben')!.number).not.toBe(number);
  one.save('Ann', number, { revision: 0, response: 'Started here', comment: '', seconds: 0 });
  expect(other.open('Ann', number).writing).toMatchObject({ revision: 1, response: 'Started here' });
  expect(() => other.save('Ann', number, { revision: 0, response: 'There', comment: '', seconds: 0 })).toThrow(
    expect.objectContaining({ code: 'CONFLICT' }),
  );
  other.submit('Ann', number, answer('Done there.', { revision: 1 }));
  expect(one.open('Ann', number)).toMatchObject({ verdict: 'accepted', writing: { response: 'Done there.' } });
  expect(one.teamOverview().people).toEqual(other.teamOverview().people);
  await Promise.all([one.close(), other.close()]);
});
