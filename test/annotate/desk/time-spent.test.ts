import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab, HOLD_MS } from './desk-lab.ts';

const home = temporaryFolder();

function draft(revision: number, response: string, seconds: number) {
  return { revision, response, comment: '', seconds };
}

test('the time spent is what the page measured, but never more than has passed since the item was taken', async () => {
  const labels = { heldOutShare: 0, perMinuteUsd: 0.6 };
  const lab = await deskLab(home, 'measured', { labels });
  await atDesk(lab, async (desk, clock) => {
    const { number } = desk.next('Ann')!;
    await clock.advance(30_000);
    expect(desk.save('Ann', number, draft(0, 'a', 20)).writing.seconds).toBe(20);
    await clock.advance(10_000);
    expect(desk.save('Ann', number, draft(1, 'ab', 1e9)).writing.seconds).toBe(30);
    expect(desk.save('Ann', number, draft(2, 'abc', 1e9)).writing.seconds).toBe(30);
    expect(desk.save('Ann', number, draft(3, 'abcd', 3)).writing.seconds).toBe(30);
    await clock.advance(10_000);
    desk.submit('Ann', number, answer('abcde', { revision: 4, seconds: 60 }));
    expect(desk.open('Ann', number).writing.seconds).toBe(40);
    expect(desk.progress('Ann').spentMicroUsd).toBe(400_000);
  });
  expect(lab.rows('SELECT seconds, cost_micro_usd AS cost FROM annotation')).toEqual([{ seconds: 40, cost: 400_000 }]);
});

test('work done while the server was away counts, even after the hold expired', async () => {
  const lab = await deskLab(home, 'away');
  const number = await atDesk(lab, (desk) => desk.next('Ann')!.number);
  await atDesk(lab, async (desk, clock) => {
    await clock.advance(2 * HOLD_MS);
    expect(desk.save('Ann', number, draft(0, 'Written meanwhile', 900)).writing.seconds).toBe(900);
  });
});

test('no time is counted when the start of the work is unknown', async () => {
  const lab = await deskLab(home, 'unheld');
  await atDesk(lab, (desk) => {
    const { number } = desk.list('Ann', { filter: 'all', search: '', offset: 0, limit: 1 }).items[0]!;
    expect(desk.submit('Ann', number, answer('At once.', { seconds: 500 })).writing.seconds).toBe(0);
  });
});

test('reopening an item continues its time, and an edit costs only the time it adds', async () => {
  const labels = { heldOutShare: 0, perMinuteUsd: 0.6 };
  const lab = await deskLab(home, 'taken-up', { labels });
  await atDesk(lab, async (desk, clock) => {
    const { number } = desk.next('Ann')!;
    await clock.advance(60_000);
    desk.submit('Ann', number, answer('First.', { seconds: 60 }));
    await clock.advance(24 * 3600_000);
    expect(desk.open('Ann', number).writing.seconds).toBe(60);
    await clock.advance(30_000);
    desk.submit('Ann', number, answer('Second.', { revision: 1, seconds: 9999 }));
    expect(desk.open('Ann', number).writing.seconds).toBe(90);
    expect(desk.progress('Ann').spentMicroUsd).toBe(900_000);
  });
});

test('pace uses everyone’s work, and the time left depends on how many people are working', async () => {
  const lab = await deskLab(home, 'pace', { labels: { heldOutShare: 0, overlap: 0.5 } });
  await atDesk(lab, async (desk, clock) => {
    expect(desk.progress('Ann')).toMatchObject({ itemsPerHour: null, hoursLeft: null, atWork: [] });
    for (const seconds of [60, 120, 180]) {
      const item = desk.next('Ann')!;
      await clock.advance(180_000);
      desk.submit('Ann', item.number, answer('Done.', { seconds, revision: item.writing.revision }));
    }
    // Six of nine labels are still to come.
    expect(desk.progress('Ann')).toMatchObject({ itemsPerHour: 30, hoursLeft: 6 / 30, atWork: [] });
    desk.next('Ben');
    desk.next('Cleo');
    expect(desk.progress('Ann')).toMatchObject({ hoursLeft: 3 / 30, atWork: ['Ben', 'Cleo'] });
  });
});
