import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { answer, atDesk, deskLab } from './desk-lab.ts';

const home = temporaryFolder();

test('hands out item after item in order of rank until none is left', async () => {
  const lab = await deskLab(home, 'in-order');
  await atDesk(lab, (desk) => {
    const ranks: number[] = [];
    for (let item = desk.next('Ann'); item !== null; item = desk.next('Ann', { after: item.number })) {
      ranks.push(item.rank);
      const submitted = desk.submit('Ann', item.number, answer(`Answer ${item.rank}.`));
      expect(submitted).toMatchObject({ state: 'answered', verdict: 'accepted', heldUntilMs: null, peopleDone: 1 });
      expect(submitted.writing).toMatchObject({ revision: 1, submitted: true, response: `Answer ${item.rank}.` });
    }
    expect(ranks).toEqual([1, 2, 3, 4, 5, 6]);
    expect(desk.progress('Ann')).toMatchObject({ items: 6, complete: 6, leftForMe: 0, mine: { answered: 6 } });
    expect(desk.oversight().people).toMatchObject([{ annotator: 'Ann', answered: 6 }]);
    expect(desk.list('Ann', { filter: 'done', search: '', offset: 0, limit: 3 })).toMatchObject({ total: 6 });
  });
  expect(lab.rows('SELECT count(*) AS labels FROM annotation')).toEqual([{ labels: 6 }]);
});
