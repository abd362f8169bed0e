import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab } from './desk-lab.ts';

const home = temporaryFolder();
const WHOLE = { filter: 'all', search: '', offset: 0, limit: 100 } as const;

describe('the item that a page has ready', () => {
  it('is the one that comes next, reserved, and only one at a time', async () => {
    await atDesk(await deskLab(home, 'next'), (desk) => {
      const first = desk.next('Ann')!;
      const ahead = desk.ahead('Ann', first.number)!;
      expect(ahead.rank).toBe(first.rank + 1);
      expect(desk.ahead('Ann', first.number)!.number).toBe(ahead.number);
      expect(desk.next('Ben')!.rank).toBe(3);
      desk.submit('Ann', first.number, answer('One'));
      expect(desk.next('Ann', { after: first.number })!.number).toBe(ahead.number);
      const later = desk.ahead('Ann', ahead.number)!;
      expect(later.rank).toBe(4);
      // Going back to another item, the one ahead is free again.
      expect(desk.open('Ann', first.number).verdict).toBe('accepted');
      expect(desk.ahead('Ann', first.number)!.number).toBe(ahead.number);
      expect(desk.next('Cleo')!.number).toBe(later.number);
    });
  });

  it('is not what the person works on: after a reload they get the item that they saw', async () => {
    await atDesk(await deskLab(home, 'reload'), (desk) => {
      const third = desk.list('Ann', WHOLE).items[2]!.number;
      desk.open('Ann', third);
      // Rank 1 would come first if it counted as started.
      for (const { number } of desk.list('Ann', WHOLE).items.slice(3)) desk.submit('Ben', number, answer('Done'));
      expect(desk.ahead('Ann', third)!.rank).toBe(1);
      expect(desk.next('Ann')!.number).toBe(third);
      expect(desk.teamOverview().people.find(({ annotator }) => annotator === 'Ann')!.workingOn).toBe(third);
    });
  });

  it('goes to someone who has nothing else to do, even from a person with labels', async () => {
    await atDesk(await deskLab(home, 'last'), (desk) => {
      const numbers = desk.list('Ann', WHOLE).items.map(({ number }) => number);
      for (const number of numbers.slice(0, 4)) desk.submit('Ann', number, answer('Done'));
      const fifth = desk.next('Ann')!;
      const sixth = desk.ahead('Ann', fifth.number)!;
      expect(desk.next('Ben')!.number).toBe(sixth.number);
      expect(desk.open('Ann', sixth.number)).toMatchObject({ state: 'taken', heldBy: 'Ben' });
      expect(desk.ahead('Ann', fifth.number)).toBeNull();
      expect(desk.next('Cleo')).toBeNull();
    });
  });

  it('becomes an item like others when it is opened', async () => {
    await atDesk(await deskLab(home, 'opened'), (desk) => {
      const numbers = desk.list('Ann', WHOLE).items.map(({ number }) => number);
      for (const number of numbers.slice(0, 4)) desk.submit('Ann', number, answer('Done'));
      const fifth = desk.next('Ann')!;
      const sixth = desk.ahead('Ann', fifth.number)!;
      desk.open('Ann', sixth.number);
      expect(desk.next('Ben')).toBeNull();
      expect(desk.ahead('Ann', fifth.number)!.number).toBe(sixth.number);
      expect(desk.next('Ben')).toBeNull();
    });
  });
});
