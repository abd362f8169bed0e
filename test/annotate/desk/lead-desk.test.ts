import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { AnnotationDesk } from '../../../src/annotate/desk/annotation-desk.ts';
import type { CampaignLab } from '../../campaign/campaign-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab, necessityLab } from './desk-lab.ts';

const home = temporaryFolder();
const ALL = { filter: 'all', search: '', offset: 0, limit: 1000 } as const;
const TWO = { heldOutShare: 0, annotators: 2, perLabelUsd: 1 };

const numbersOf = (desk: AnnotationDesk, round?: number) =>
  desk.list('Ann', { ...ALL, ...(round === undefined ? {} : { round }) }).items.map(({ number }) => number);
const idOf = (desk: AnnotationDesk, label: number, annotator: string) =>
  desk.labels.item(label).labels.findLast((one) => one.annotator === annotator)!.id;

/** What a model would be trained on: the responses by instruction. */
async function trainedOn(lab: CampaignLab): Promise<string[]> {
  const folder = lab.path('trained');
  await lab.work((campaign) => campaign.exportTrainingData('alpaca', folder));
  const files = readdirSync(folder).filter((name) => name.includes('train'));
  return files.flatMap((name) =>
    (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { output: string }[]).map(({ output }) => output),
  );
}

const moneyOf = (lab: CampaignLab) =>
  lab.work(async (campaign) => {
    const { settledMicroUsd, reservedMicroUsd, settledLabels } = (await campaign.status()).spending.labels;
    return { settledMicroUsd, reservedMicroUsd, settledLabels };
  });

describe('a lead decides', () => {
  it('which answer counts, and the choice flows into training, export and money until it is undone', async () => {
    const lab = await deskLab(home, 'choose', { labels: TWO });
    const [first, second] = await atDesk(lab, (desk) => numbersOf(desk));
    await atDesk(lab, (desk) => {
      desk.submit('Ann', first!, answer('By Ann.'));
      desk.submit('Ben', first!, answer('By Ben.'));
      // Only one of two people answered: the decision ends the wait.
      desk.submit('Ann', second!, answer('Alone.'));
      expect(desk.labels.item(first!)).toMatchObject({ isComplete: true, decision: null });
      desk.lead.act('Mia', first!, { kind: 'choose', label: idOf(desk, first!, 'Ann') });
      desk.lead.act('Mia', second!, { kind: 'choose', label: idOf(desk, second!, 'Ann') });
      expect(desk.labels.item(first!)).toMatchObject({
        decision: { by: 'Mia' },
        labels: [{ counts: true }, { counts: false }],
        events: [{ kind: 'decide', by: 'Mia' }],
      });
      expect(desk.progress(null).complete).toBe(2);
      expect(desk.open('Ben', second!).state).toBe('complete');
    });
    expect(await trainedOn(lab)).toEqual(expect.arrayContaining(['By Ann.', 'Alone.']));
    // Twelve answers were reserved; three are paid, one is not needed any more.
    expect(await moneyOf(lab)).toEqual({ settledMicroUsd: 3e6, reservedMicroUsd: 8e6, settledLabels: 2 });
    await lab.work((campaign) => campaign.exportLabels(lab.path('labels.jsonl')));
    const rows = lab.read('labels.jsonl').trimEnd().split('\n');
    expect(rows.map((row) => JSON.parse(row)).map(({ response, counts }) => [response, counts])).toEqual([
      ['By Ann.', true],
      ['By Ben.', false],
      ['Alone.', true],
    ]);
    await atDesk(lab, (desk) => {
      desk.lead.act('Mia', first!, { kind: 'undo-decision' });
      expect(desk.labels.item(first!)).toMatchObject({ decision: null, labels: [{ counts: false }, { counts: true }] });
      desk.lead.act('Mia', second!, { kind: 'undo-decision' });
      expect(desk.open('Ben', second!).state).toBe('open');
    });
    expect(await trainedOn(lab)).toEqual(expect.arrayContaining(['By Ben.', 'Alone.']));
    // The second item asks for its second answer again.
    expect(await moneyOf(lab)).toEqual({ settledMicroUsd: 3e6, reservedMicroUsd: 9e6, settledLabels: 2 });
  });

  it('on a text of their own, which is no person’s work and costs nothing', async () => {
    const lab = await deskLab(home, 'write', { labels: TWO });
    const [first, second] = await atDesk(lab, (desk) => numbersOf(desk));
    await atDesk(lab, (desk) => {
      desk.submit('Ann', first!, answer('Half of it.'));
      desk.submit('Ben', first!, answer('The other half.'));
      desk.submit('Ann', second!, answer('Not a good question.'));
      desk.lead.act('Mia', first!, {
        kind: 'write',
        verdict: 'accepted',
        response: 'Half of it. The other half.',
        comment: 'Merged',
      });
      desk.lead.act('Mia', second!, { kind: 'write', verdict: 'rejected', response: '', comment: 'Not in scope' });
      const { labels } = desk.labels.item(first!);
      expect(labels.at(-1)).toMatchObject({ annotator: 'Mia', isByLead: true, counts: true, costMicroUsd: 0 });
      expect(
        desk.labels.list({ verdict: 'all', doubtful: false, search: '', offset: 0, limit: 2 }).items,
      ).toMatchObject([
        { state: 'labeled', people: ['Ann', 'Ben'] },
        { state: 'rejected', people: ['Ann'] },
      ]);
      expect(desk.teamOverview().people.map(({ annotator }) => annotator)).toEqual(['Ann', 'Ben']);
      const empty = { kind: 'write', verdict: 'accepted', response: ' ', comment: '' } as const;
      expect(() => desk.lead.act('Mia', first!, empty)).toThrow(expect.objectContaining({ code: 'EMPTY_RESPONSE' }));
      const other = idOf(desk, second!, 'Ann');
      expect(() => desk.lead.act('Mia', first!, { kind: 'choose', label: other })).toThrow(
        expect.objectContaining({ code: 'NO_SUCH_LABEL' }),
      );
    });
    expect(await trainedOn(lab)).toEqual(['Half of it. The other half.']);
    await lab.work(async (campaign) => {
      const { labels } = await campaign.status();
      expect(labels).toMatchObject({ labeled: 1, rejected: 1, agreement: { items: 1 } });
      expect(await campaign.exportLabels(lab.path('all.jsonl'))).toMatchObject({ labels: 5 });
      // What was exported is known when it comes back.
      expect(await campaign.importLabels(lab.path('all.jsonl'))).toMatchObject({
        accepted: 0,
        rejected: 0,
        unchanged: 5,
      });
    });
  });
});

test('what a lead sends back comes first, and the same answer with a note settles it', async () => {
  const lab = await deskLab(home, 'back', { labels: { heldOutShare: 0 } });
  await atDesk(lab, async (desk, clock) => {
    const [first, second, third] = numbersOf(desk) as [number, number, number];
    desk.submit('Ann', first, answer('It is 7.'));
    desk.submit('Ann', second, answer('Fine.'));
    desk.lead.act('Mia', first, { kind: 'send-back', annotator: 'Ann', comment: 'At 25 °C?' });
    expect(desk.labels.item(first).requests).toEqual([{ annotator: 'Ann', comment: 'At 25 °C?' }]);
    expect(desk.next('Ben')!.number).toBe(third);
    const item = desk.next('Ann', { after: second })!;
    expect(item).toMatchObject({ number: first, state: 'returned', request: { by: 'Mia', comment: 'At 25 °C?' } });
    expect(desk.list('Ann', { ...ALL, filter: 'open' }).items[0]).toMatchObject({ number: first, state: 'returned' });
    await clock.advance(1000);
    const { revision, response } = item.writing;
    desk.submit('Ann', first, { ...answer(response, { revision }), note: 'Yes, at 25 °C.' });
    expect(desk.open('Ann', first)).toMatchObject({ state: 'answered', request: null });
    expect(desk.labels.item(first)).toMatchObject({ requests: [], labels: [{}, { note: 'Yes, at 25 °C.' }] });

    // Word for word the same is an answer too.
    desk.lead.act('Mia', second, { kind: 'send-back', annotator: 'Ann', comment: 'Sure?' });
    const again = desk.next('Ann')!;
    expect(again.number).toBe(second);
    desk.submit('Ann', second, answer('Fine.', { revision: again.writing.revision }));
    expect(desk.labels.item(second).requests).toEqual([]);

    desk.lead.act('Mia', second, { kind: 'send-back', annotator: 'Ann', comment: 'Really?' });
    desk.lead.act('Mia', second, { kind: 'take-back', annotator: 'Ann' });
    expect(desk.open('Ann', second).request).toBeNull();
    const toBen = { kind: 'send-back', annotator: 'Ben', comment: '?' } as const;
    expect(() => desk.lead.act('Mia', second, toBen)).toThrow('Ben has no label of this item.');
  });
});

test('a round waits for what was sent back', async () => {
  const lab = await deskLab(home, 'waits', { labels: { heldOutShare: 0 } });
  const first = await atDesk(lab, (desk) => {
    const numbers = numbersOf(desk);
    for (const number of numbers) desk.submit('Ann', number, answer('Some answer.'));
    desk.lead.act('Mia', numbers[0]!, { kind: 'send-back', annotator: 'Ann', comment: 'Too short' });
    return numbers[0]!;
  });
  await lab.work(async (campaign) => {
    expect(await campaign.next()).toMatchObject({ step: 'wait-for-labels', done: false });
  });
  await atDesk(lab, (desk) => {
    desk.submit('Ann', first, answer('A longer answer.', { revision: desk.open('Ann', first).writing.revision }));
  });
  await lab.work(async (campaign) => {
    expect(await campaign.next()).toMatchObject({ step: 'wait-for-labels', done: true });
  });
});

test('a lead reopens an item for one more person, also of an earlier round, and the money is set aside first', async () => {
  const lab = await necessityLab(home, 'reopen', {
    labels: { heldOutShare: 0, perLabelUsd: 1 },
    budget: { labelUsd: 30 },
  });
  const before = await moneyOf(lab);
  const old = await atDesk(lab, (desk) => numbersOf(desk, 1)[0]!);
  await atDesk(lab, (desk) => {
    expect(desk.open('Ben', old).state).toBe('complete');
    desk.lead.act('Mia', old, { kind: 'reopen', to: ['Ben'] });
    expect(desk.labels.item(old)).toMatchObject({ isReopened: true, isComplete: false, assignedTo: ['Ben'] });
    expect(desk.open('Cy', old).state).toBe('assigned');
  });
  expect((await moneyOf(lab)).reservedMicroUsd).toBe(before.reservedMicroUsd + 1e6);
  await atDesk(lab, (desk) => {
    for (const number of numbersOf(desk)) desk.submit('Ben', number, answer('Of round 2.'));
    expect(desk.next('Ben')!.number).toBe(old);
    desk.submit('Ben', old, answer('A second opinion.'));
    expect(desk.labels.item(old)).toMatchObject({ isReopened: false, isComplete: true });
    expect(desk.next('Ben')).toBeNull();
  });
  expect((await moneyOf(lab)).reservedMicroUsd).toBe(0);
  await atDesk(lab, (desk) => {
    const others = numbersOf(desk, 1).slice(1);
    const reopenAll = () => {
      for (let times = 0; times < 40; times += 1) {
        desk.lead.act('Mia', others[times % others.length]!, { kind: 'reopen', to: [] });
        desk.submit(`P${times}`, others[times % others.length]!, answer(`Opinion ${times}.`));
      }
    };
    expect(reopenAll).toThrow(expect.objectContaining({ code: 'NO_ROOM' }));
  });
  const { settledMicroUsd, reservedMicroUsd } = await moneyOf(lab);
  expect(settledMicroUsd + reservedMicroUsd).toBeLessThanOrEqual(30e6);
});

test('an item is given to another person, who has it at once', async () => {
  const lab = await deskLab(home, 'assign', { labels: { heldOutShare: 0 } });
  await atDesk(lab, (desk) => {
    const { number } = desk.next('Ann')!;
    expect(desk.open('Ben', number).state).toBe('taken');
    desk.lead.act('Mia', number, { kind: 'assign', to: ['Ben'] });
    expect(desk.open('Ben', number).state).toBe('open');
    expect(desk.open('Ann', number).state).toBe('assigned');
    desk.lead.act('Mia', number, { kind: 'assign', to: [] });
    desk.release('Ben', number);
    expect(desk.open('Ann', number).state).toBe('open');
  });
});

test('a person’s work is dropped in one step, paid all the same, and comes back when that is undone', async () => {
  const lab = await deskLab(home, 'drop', { labels: { heldOutShare: 0, perLabelUsd: 1 } });
  await atDesk(lab, (desk) => {
    const numbers = numbersOf(desk) as [number, number, number];
    desk.submit('Bad', numbers[0], answer('Spam.'));
    desk.submit('Bad', numbers[1], answer('Spam.'));
    desk.submit('Ann', numbers[2], answer('Good.'));
    desk.lead.drop('Mia', 'Bad', true);
    expect(desk.teamOverview().people).toMatchObject([
      { annotator: 'Ann', answered: 1, isDropped: false },
      { annotator: 'Bad', answered: 0, isDropped: true, costMicroUsd: 2e6 },
    ]);
    expect(desk.labels.item(numbers[0])).toMatchObject({
      isComplete: false,
      labels: [{ annotator: 'Bad', isDropped: true, counts: false }],
    });
    expect(desk.open('Ann', numbers[0]).state).toBe('open');
    // The same person is not asked for the same items again.
    expect(desk.next('Bad')!.number).toBe(numbersOf(desk)[3]);
  });
  expect(await trainedOn(lab)).toEqual(['Good.']);
  expect(await moneyOf(lab)).toMatchObject({ settledMicroUsd: 3e6, reservedMicroUsd: 5e6 });
  await lab.work(async (campaign) => {
    expect((await campaign.status()).labels).toMatchObject({ labeled: 1, awaited: 5 });
  });
  await atDesk(lab, (desk) => desk.lead.restore('Mia', 'Bad'));
  expect(await trainedOn(lab)).toEqual(expect.arrayContaining(['Spam.', 'Good.']));
  expect(await moneyOf(lab)).toMatchObject({ settledMicroUsd: 3e6, reservedMicroUsd: 3e6 });

  // Without asking again, the items are done.
  await atDesk(lab, (desk) => desk.lead.drop('Mia', 'Bad', false));
  await lab.work(async (campaign) => {
    expect((await campaign.status()).labels).toMatchObject({ labeled: 1, awaited: 3 });
  });
});
