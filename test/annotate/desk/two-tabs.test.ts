import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab, HOLD_MS, NOON } from './desk-lab.ts';

const home = temporaryFolder();

function draft(revision: number, response: string, seconds = 0) {
  return { revision, response, comment: '', seconds };
}

test('the second of two tabs gets a conflict with the stored text, and may then overwrite it', async () => {
  const lab = await deskLab(home, 'conflict');
  await atDesk(lab, (desk) => {
    const { number } = desk.next('Ann')!;
    desk.save('Ann', number, draft(0, 'Tab one'));
    const stored = expect.objectContaining({ revision: 1, response: 'Tab one' });
    const conflict = expect.objectContaining({ code: 'CONFLICT', writing: stored });
    expect(() => desk.save('Ann', number, draft(0, 'Tab two'))).toThrow(conflict);
    expect(() => desk.submit('Ann', number, answer('Tab two'))).toThrow(conflict);
    expect(() => desk.save('Ann', number, draft(9, 'From nowhere'))).toThrow(conflict);
    expect(lab.rows('SELECT * FROM annotation')).toEqual([]);
    expect(desk.save('Ann', number, draft(1, 'Tab two')).writing).toMatchObject({ revision: 2, response: 'Tab two' });
    expect(() => desk.save('Ann', number, draft(1, 'Tab one again'))).toThrow(
      expect.objectContaining({ code: 'CONFLICT' }),
    );
  });
});

test('a tab that saves after the other tab submitted gets a conflict, and the label stays', async () => {
  const lab = await deskLab(home, 'submitted-elsewhere');
  await atDesk(lab, (desk) => {
    const { number } = desk.next('Ann')!;
    desk.submit('Ann', number, answer('From tab one.'));
    expect(() => desk.save('Ann', number, draft(0, 'From tab two'))).toThrow(
      expect.objectContaining({ code: 'CONFLICT', writing: expect.objectContaining({ revision: 1, submitted: true }) }),
    );
    expect(desk.open('Ann', number)).toMatchObject({ verdict: 'accepted', writing: { response: 'From tab one.' } });
  });
});

test('text that is already stored causes no conflict and no change, from any revision', async () => {
  const lab = await deskLab(home, 'unchanged');
  await atDesk(lab, async (desk, clock) => {
    const { number } = desk.next('Ann')!;
    expect(desk.save('Ann', number, draft(0, '')).writing).toMatchObject({ revision: 0, savedAtMs: null });
    expect(desk.open('Ann', number).state).toBe('open');
    desk.save('Ann', number, draft(0, 'Same'));
    await clock.advance(20_000);
    for (const revision of [0, 1, 7]) {
      expect(desk.save('Ann', number, draft(revision, 'Same', 15))).toMatchObject({
        writing: { revision: 1, seconds: 15, submitted: false },
        heldUntilMs: NOON + 20_000 + HOLD_MS,
      });
    }
  });
});

test('a label sent twice, because the first answer was lost, is stored once', async () => {
  const lab = await deskLab(home, 'sent-twice', { labels: { heldOutShare: 0, perLabelUsd: 0.25 } });
  await atDesk(lab, async (desk, clock) => {
    const { number } = desk.next('Ann')!;
    const form = answer('Once.', { seconds: 3 });
    const first = desk.submit('Ann', number, form);
    await clock.advance(5000);
    expect(desk.submit('Ann', number, form)).toEqual(first);
    expect(desk.progress('Ann')).toMatchObject({ spentMicroUsd: 250_000, mine: { answered: 1 } });
  });
  expect(lab.rows('SELECT * FROM annotation')).toHaveLength(1);
});

test('a submitted label can be changed: the draft is kept beside it, and the latest label counts', async () => {
  const lab = await deskLab(home, 'changed', { labels: { heldOutShare: 0, perLabelUsd: 0.25 } });
  await atDesk(lab, async (desk, clock) => {
    const { number } = desk.next('Ann')!;
    desk.submit('Ann', number, answer('First.'));
    desk.save('Ann', number, draft(1, 'Second, started'));
    const open = desk.open('Ann', number);
    expect(open).toMatchObject({ state: 'answered', verdict: 'accepted' });
    expect(open.writing).toMatchObject({ revision: 2, response: 'Second, started', submitted: false });
    // The clock was set back.
    await clock.advance(-3600_000);
    desk.submit('Ann', number, answer('Second.', { revision: 2 }));
    const rejected = {
      ...answer('Second.', { revision: 3, comment: 'Not a question.' }),
      verdict: 'rejected' as const,
    };
    expect(desk.submit('Ann', number, rejected)).toMatchObject({ state: 'rejected', writing: { revision: 4 } });
    expect(desk.submit('Ann', number, answer('Second.', { revision: 4 }))).toMatchObject({ state: 'answered' });
    expect(desk.progress('Ann')).toMatchObject({
      spentMicroUsd: 250_000,
      complete: 1,
      mine: { answered: 1, rejected: 0 },
    });
  });
  expect(lab.rows('SELECT verdict, response, comment FROM annotation ORDER BY id')).toEqual([
    { verdict: 'accepted', response: 'First.', comment: null },
    { verdict: 'accepted', response: 'Second.', comment: null },
    { verdict: 'rejected', response: null, comment: 'Not a question.' },
    { verdict: 'accepted', response: 'Second.', comment: null },
  ]);
  await lab.work(async (campaign) => {
    expect((await campaign.status()).labels).toMatchObject({ labeled: 1, rejected: 0 });
  });
});

test('a label from another tool belongs to the same person and can be changed here', async () => {
  const lab = await deskLab(home, 'from-elsewhere');
  const [{ id }] = lab.tasks(1) as [{ id: string }];
  const imported = { id, response: 'Elsewhere.', annotator: 'Ann', seconds: 40, submitted_at: '2027-01-01T00:00:00Z' };
  await atDesk(lab, async (desk) => {
    const { number } = desk.next('Ann')!;
    await lab.work((campaign) => campaign.importLabels(lab.writeLabels([imported])));
    expect(desk.open('Ann', number)).toMatchObject({
      state: 'answered',
      writing: { revision: 0, response: 'Elsewhere.', seconds: 40, submitted: true },
    });
    // Although the other tool's clock is ahead of ours.
    desk.submit('Ann', number, answer('Here.', { revision: 0, seconds: 40 }));
    expect(desk.open('Ann', number).writing).toMatchObject({ revision: 1, response: 'Here.', submitted: true });
    await lab.work((campaign) =>
      campaign.importLabels(
        lab.writeLabels([{ ...imported, response: 'Elsewhere, later.', submitted_at: '2027-02-01T00:00:00Z' }]),
      ),
    );
    expect(desk.open('Ann', number).writing).toMatchObject({
      revision: 1,
      response: 'Elsewhere, later.',
      submitted: true,
    });
  });
});
