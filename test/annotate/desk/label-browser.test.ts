import { expect, test } from 'vitest';
import type { LabelQuery } from '../../../src/annotate/desk/label-browser.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab, necessityLab } from './desk-lab.ts';

const home = temporaryFolder();
const ALL = { filter: 'all', search: '', offset: 0, limit: 1000 } as const;
const EVERYTHING: LabelQuery = { verdict: 'all', doubtful: false, search: '', offset: 0, limit: 100 };

test('the lead filters the labels by person, verdict and doubt, searches what people wrote, and pages', async () => {
  const lab = await deskLab(home, 'filters', { labels: { heldOutShare: 0, annotators: 2 } });
  await atDesk(lab, (desk) => {
    const numbers = desk.list('Ann', ALL).items.map(({ number }) => number);
    const [first, second, third] = numbers as [number, number, number];
    desk.submit('Ann', first, { ...answer('A penguin.'), note: 'Ask a zoologist' });
    desk.submit('Ben', first, { ...answer(''), verdict: 'rejected', comment: 'No question in it' });
    desk.submit('Ann', second, { ...answer('A walrus.'), doubtful: true });
    desk.submit('Ben', third, { ...answer(''), verdict: 'skipped' });
    const found = (query: Partial<LabelQuery>) =>
      desk.labels.list({ ...EVERYTHING, ...query }).items.map(({ number }) => number);
    expect(found({})).toEqual(numbers);
    expect(found({ verdict: 'accepted' })).toEqual([first, second]);
    expect(found({ verdict: 'rejected' })).toEqual([first]);
    expect(found({ verdict: 'skipped' })).toEqual([third]);
    expect(found({ verdict: 'none' })).toEqual(numbers.slice(3));
    expect(found({ person: 'Ann' })).toEqual([first, second]);
    // One label must have it all: Ann did not reject the first item.
    expect(found({ person: 'Ann', verdict: 'rejected' })).toEqual([]);
    expect(found({ doubtful: true })).toEqual([second]);
    expect(found({ search: 'WALRUS' })).toEqual([second]);
    expect(found({ search: 'zoologist' })).toEqual([first]);
    expect(found({ search: 'no question' })).toEqual([first]);
    expect(desk.labels.list({ ...EVERYTHING, offset: 2, limit: 2 })).toMatchObject({
      items: [
        { number: third, state: 'skipped', people: ['Ben'], round: 1, rank: 3 },
        { number: numbers[3], state: 'none', people: [] },
      ],
      total: 6,
      before: second,
      after: numbers[4],
      people: ['Ann', 'Ben'],
      rounds: 1,
    });
    expect(() => desk.labels.list({ ...EVERYTHING, round: 7 })).toThrow('Round 7 has no items.');
  });
});

test('an item has every label with its history, and says which one counts', async () => {
  const lab = await deskLab(home, 'history', { labels: { heldOutShare: 0, annotators: 2, perLabelUsd: 0.5 } });
  await atDesk(lab, async (desk, clock) => {
    const { number } = desk.next('Ann')!;
    desk.submit('Ann', number, answer('First try.'));
    await clock.advance(60_000);
    desk.submit('Ben', number, answer('By Ben.'));
    await clock.advance(60_000);
    desk.submit('Ann', number, answer('Second try.', { revision: 1 }));
    const item = desk.labels.item(number);
    expect(item).toMatchObject({ number, round: 1, rank: 1, of: 6, peopleWanted: 2, failingAnswer: null });
    expect(item.labels).toMatchObject([
      { annotator: 'Ann', response: 'First try.', isLatest: false, counts: false, costMicroUsd: 500_000 },
      { annotator: 'Ben', response: 'By Ben.', isLatest: true, counts: false, costMicroUsd: 500_000 },
      { annotator: 'Ann', response: 'Second try.', isLatest: true, counts: true, costMicroUsd: 0 },
    ]);
    expect(() => desk.labels.item(39_999)).toThrow('There is no item 39999 to annotate.');
  });
});

test('rounds are listed one after the other, and an item of round 2 has the model’s answer', async () => {
  const lab = await necessityLab(home, 'rounds');
  await atDesk(lab, (desk) => {
    const { items, rounds } = desk.labels.list(EVERYTHING);
    expect(rounds).toBe(2);
    expect(items.map(({ round }) => round)).toEqual(items.map(({ round }) => round).sort());
    const second = desk.labels.list({ ...EVERYTHING, round: 2 }).items;
    expect(second.length).toBeGreaterThan(0);
    expect(second.every(({ round }) => round === 2)).toBe(true);
    expect(desk.labels.item(second[0]!.number).failingAnswer?.response).toBe(lab.tasks(2)[0]!.draft);
  });
});
