import { expect, test } from 'vitest';
import { payTable } from '../../../src/campaign/pay.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab } from './desk-lab.ts';

const home = temporaryFolder();
const ALL = { filter: 'all', search: '', offset: 0, limit: 1000 } as const;
const DAY_MS = 86_400_000;

test('pay is by person and month, at the price of each label, with adjustments that count against the budget', async () => {
  const lab = await deskLab(home, 'months', {
    labels: { heldOutShare: 0, annotators: 2, perLabelUsd: 0.5 },
    budget: { labelUsd: 8 },
  });
  await atDesk(lab, async (desk, clock) => {
    const [first, second, third] = desk.list('Ann', ALL).items.map(({ number }) => number) as [number, number, number];
    desk.open('Ann', first);
    await clock.advance(120_000);
    desk.submit('Ann', first, answer('In May.', { seconds: 90 }));
    desk.submit('Ben', first, { ...answer(''), verdict: 'skipped' });
    await clock.advance(31 * DAY_MS);
    // An edit in June: the item is June's, its price was paid in May.
    desk.submit('Ann', first, answer('Better, in June.', { revision: 1, seconds: 90 }));
    desk.submit('Ann', second, { ...answer(''), verdict: 'rejected', comment: 'No' });
    desk.submit('Ben', third, answer('Dropped later.'));
    desk.lead.drop('Mia', 'Ben', false);
    desk.lead.act('Mia', first, { kind: 'write', verdict: 'accepted', response: 'By Mia.', comment: '' });
    desk.lead.adjustPay('Mia', { annotator: 'Ann', microUsd: 1_000_000, reason: '=Bonus, "early"' });
    desk.lead.adjustPay('Mia', { annotator: 'Ann', microUsd: -250_000, reason: 'Paid twice' });
    const nothing = { answered: 0, rejected: 0, skipped: 0, minutes: 0, adjustments: [] };
    expect(desk.lead.pay()).toEqual([
      { ...nothing, annotator: 'Ann', month: '2026-05', labelsMicroUsd: 500_000, totalMicroUsd: 500_000 },
      {
        ...nothing,
        annotator: 'Ann',
        month: '2026-06',
        answered: 1,
        rejected: 1,
        minutes: 1.5,
        labelsMicroUsd: 500_000,
        adjustments: [
          { microUsd: 1_000_000, reason: '=Bonus, "early"', by: 'Mia' },
          { microUsd: -250_000, reason: 'Paid twice', by: 'Mia' },
        ],
        totalMicroUsd: 1_250_000,
      },
      { ...nothing, annotator: 'Ben', month: '2026-05', skipped: 1, labelsMicroUsd: 0, totalMicroUsd: 0 },
      { ...nothing, annotator: 'Ben', month: '2026-06', answered: 1, labelsMicroUsd: 500_000, totalMicroUsd: 500_000 },
    ]);
    const [head, , june] = payTable(desk.lead.pay()).split('\r\n');
    expect(head).toMatch(/^person,month,answered,.*,total_usd,reasons$/);
    // No cell is a formula.
    expect(june).toBe(
      `"Ann",2026-06,1,1,0,1.5,0.500000,0.750000,1.250000,"'=Bonus, ""early"" (Mia); Paid twice (Mia)"`,
    );
    const tooMuch = { annotator: 'Ann', microUsd: 9_000_000, reason: 'More' };
    expect(() => desk.lead.adjustPay('Mia', tooMuch)).toThrow(expect.objectContaining({ code: 'NO_ROOM' }));
    const toNoOne = { annotator: 'Zoe', microUsd: 1, reason: 'Who?' };
    expect(() => desk.lead.adjustPay('Mia', toNoOne)).toThrow(expect.objectContaining({ code: 'NO_SUCH_PERSON' }));
    expect(desk.lead.pay()).toHaveLength(4);
  });
  await lab.work(async (campaign) => {
    // The first item and the bonus; the other items still wait for their second answer.
    expect((await campaign.status()).spending.labels).toMatchObject({ settledMicroUsd: 1_500_000 });
  });
});
