import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnnotationDesk, openDesk } from '../../../src/annotate/desk/annotation-desk.ts';
import { DeskError } from '../../../src/annotate/desk/desk-error.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab, HOLD_MS, NOON, noon } from './desk-lab.ts';

const home = temporaryFolder();

describe('two people', () => {
  test('never get the same item, or one that the other has answered', async () => {
    await atDesk(await deskLab(home, 'apart'), (desk) => {
      const [ann, ben] = [desk.next('Ann')!, desk.next('Ben')!];
      expect([ann.rank, ben.rank]).toEqual([1, 2]);
      desk.submit('Ann', ann.number, answer('Done.'));
      expect(desk.next('Ann', { after: ann.number })).toMatchObject({ rank: 3 });
      expect(desk.next('Cleo')).toMatchObject({ rank: 4 });
      expect(desk.progress(null).atWork).toEqual(['Ann', 'Ben', 'Cleo']);
    });
  });

  test('can both open an item that needs two people, and a third person cannot', async () => {
    const lab = await deskLab(home, 'for-two', { labels: { heldOutShare: 0, annotators: 1, overlap: 0.5 } });
    await atDesk(lab, (desk) => {
      const { items } = desk.list('Ann', { filter: 'all', search: '', offset: 0, limit: 9 });
      const [single, double] = [items[0]!.number, items[1]!.number];
      expect([desk.open('Ann', single).state, desk.open('Ben', single).state]).toEqual(['open', 'taken']);
      expect([desk.open('Ann', double).state, desk.open('Ben', double).state]).toEqual(['open', 'open']);
      expect(desk.open('Cleo', double)).toMatchObject({ state: 'taken', peopleWanted: 2, heldUntilMs: null });
      desk.submit('Ann', double, answer('One.'));
      expect(desk.open('Cleo', double)).toMatchObject({ state: 'taken', heldBy: 'Ben', peopleDone: 1 });
      desk.submit('Ben', double, answer('Another.'));
      expect(desk.open('Cleo', double)).toMatchObject({ state: 'complete', heldBy: null, peopleDone: 2 });
      expect(desk.progress('Cleo')).toMatchObject({ complete: 1, leftForMe: 4 });
    });
  });

  test('can take an item that the other released', async () => {
    await atDesk(await deskLab(home, 'let-go'), (desk) => {
      const { number } = desk.next('Ann')!;
      desk.release('Ann', number);
      desk.release('Ann', number);
      expect(desk.next('Ben')).toMatchObject({ number, heldUntilMs: NOON + HOLD_MS });
    });
  });
});

describe('a hold', () => {
  test('lasts ten minutes after the last activity, then the item is available to others', async () => {
    await atDesk(await deskLab(home, 'lease'), async (desk, clock) => {
      const { number } = desk.next('Ann')!;
      await clock.advance(HOLD_MS - 1);
      expect(desk.open('Ben', number).state).toBe('taken');
      expect(desk.open('Ann', number).heldUntilMs).toBe(NOON + 2 * HOLD_MS - 1);
      await clock.advance(HOLD_MS - 1);
      const save = { revision: 0, response: 'Still here.', comment: '', seconds: 1 };
      expect(desk.save('Ann', number, save).heldUntilMs).toBe(NOON + 3 * HOLD_MS - 2);
      await clock.advance(HOLD_MS - 1);
      expect(desk.next('Ben')!.number).not.toBe(number);
      await clock.advance(1);
      expect(desk.open('Ben', number)).toMatchObject({ state: 'open', writing: { response: '' } });
      expect(desk.open('Ann', number)).toMatchObject({ state: 'taken', heldBy: 'Ben', heldUntilMs: null });
    });
  });

  test('that has expired still lets the person submit if no one else took the item', async () => {
    await atDesk(await deskLab(home, 'late'), async (desk, clock) => {
      const { number } = desk.next('Ann')!;
      await clock.advance(10 * HOLD_MS);
      expect(desk.submit('Ann', number, answer('Late.'))).toMatchObject({ state: 'answered' });
    });
  });

  test.each(['held', 'answered'])(
    'that has expired loses no text when another person has %s the item since',
    async (how) => {
      const lab = await deskLab(home, `lost-${how}`);
      await atDesk(lab, async (desk, clock) => {
        const { number } = desk.next('Ann')!;
        desk.save('Ann', number, { revision: 0, response: 'First half', comment: '', seconds: 1 });
        await clock.advance(HOLD_MS);
        desk.open('Ben', number);
        if (how === 'answered') desk.submit('Ben', number, answer('Quicker.'));
        const more = { revision: 1, response: 'First half, and more', comment: '', seconds: 2 };
        expect(desk.save('Ann', number, more)).toMatchObject({ writing: { revision: 2 }, heldUntilMs: null });
        const whole = answer('All of it.', { revision: 2 });
        expect(() => desk.submit('Ann', number, whole)).toThrow(
          expect.objectContaining({
            code: 'TAKEN',
            writing: expect.objectContaining({ response: 'All of it.', revision: 3 }),
          }),
        );
        expect(desk.open('Ann', number)).toMatchObject({
          state: how === 'answered' ? 'complete' : 'taken',
          writing: { response: 'All of it.', submitted: false },
        });
        expect(desk.list('Ann', { filter: 'mine', search: '', offset: 0, limit: 9 }).total).toBe(1);
        expect(desk.next('Ann')!.number).not.toBe(number);
      });
      expect(lab.rows<{ annotator: string }>('SELECT annotator FROM annotation')).toEqual(
        how === 'answered' ? [{ annotator: 'Ben' }] : [],
      );
    },
  );
});

test('one person holds a few items at most: who opens another gives back the one used longest ago', async () => {
  await atDesk(await deskLab(home, 'few-items'), async (desk, clock) => {
    const own: number[] = [];
    while (own.length < 6) {
      own.push(desk.next('Ann', { after: own.at(-1) })!.number);
      await clock.advance(1);
    }
    const given = desk.next('Ben');
    expect(given?.number).toBe(own[0]);
    expect(desk.next('Cleo')).toBeNull();
  });
});

describe('one person under many names', () => {
  const many = Array.from({ length: 30 }, (_, number) => `Name ${number}`);
  const NEWCOMER_MS = 120_000;

  test('keeps no work from others: two minutes later they get the items it has left longest', async () => {
    await atDesk(await deskLab(home, 'many-names'), async (desk, clock) => {
      const reserved = many.flatMap((name) => desk.next(name)?.rank ?? []);
      expect(reserved).toEqual([1, 2, 3, 4, 5, 6]);
      await clock.advance(NEWCOMER_MS - 1);
      expect(desk.next('Ann')).toBeNull();
      await clock.advance(1);
      for (const done of [0, 1, 2, 3, 4, 5]) {
        const item = desk.next('Ann')!;
        expect(item.heldUntilMs).toBe(clock.now() + HOLD_MS);
        desk.submit('Ann', item.number, answer(`Done ${done}.`));
      }
      expect(desk.progress(null)).toMatchObject({ complete: 6, atWork: [] });
    });
  });

  test('who has written something keeps the text, and the item while still writing', async () => {
    await atDesk(await deskLab(home, 'newcomers'), async (desk, clock) => {
      const [ann, ben] = [desk.next('Ann')!, desk.next('Ben')!];
      for (const name of many) desk.next(name);
      await clock.advance(NEWCOMER_MS - 1);
      desk.save('Ann', ann.number, { revision: 0, response: 'Still writing.', comment: '', seconds: 1 });
      desk.save('Ben', ben.number, { revision: 0, response: 'Begun.', comment: '', seconds: 1 });
      await clock.advance(NEWCOMER_MS - 1);
      desk.save('Ann', ann.number, { revision: 1, response: 'Still writing!', comment: '', seconds: 1 });
      await clock.advance(1);
      const given = ['Cleo', 'Dora', 'Emil', 'Fay', 'Gus', 'Hal'].map((name) => desk.next(name)?.rank ?? null);
      // Ann is writing still; Ben's comes last, because he was the last to stop.
      expect(given.slice(0, 4).sort()).toEqual([3, 4, 5, 6]);
      expect(given.slice(4)).toEqual([2, null]);
      expect(() => desk.submit('Ben', ben.number, answer('Begun and ended.', { revision: 1 }))).toThrow(
        expect.objectContaining({ code: 'TAKEN', writing: expect.objectContaining({ response: 'Begun and ended.' }) }),
      );
    });
  });

  test('takes nothing from a person who has submitted a label', async () => {
    await atDesk(await deskLab(home, 'proven'), async (desk, clock) => {
      const first = desk.next('Ann')!;
      desk.submit('Ann', first.number, answer('Done.'));
      const mine = desk.next('Ann')!;
      for (const name of many) desk.next(name);
      await clock.advance(NEWCOMER_MS);
      const given = many.map((name) => desk.next(`${name} again`)?.number ?? null);
      expect(given).not.toContain(mine.number);
      expect(desk.open('Ann', mine.number)).toMatchObject({ state: 'open', heldUntilMs: clock.now() + HOLD_MS });
    });
  });

  test('has an item for two people no more often than it needs', async () => {
    const lab = await deskLab(home, 'many-for-two', { labels: { heldOutShare: 0, annotators: 2 } });
    await atDesk(lab, async (desk, clock) => {
      for (const name of many) desk.next(name);
      await clock.advance(NEWCOMER_MS);
      desk.next('Ann');
      expect(
        lab.rows(
          "SELECT count(*) AS people FROM hold WHERE position IN (SELECT position FROM hold WHERE annotator = 'Ann')",
        ),
      ).toEqual([{ people: 2 }]);
    });
  });
});

const PEOPLE = ['Ann', 'Ben', 'Cleo'];
const step = fc.record({
  who: fc.constantFrom(...PEOPLE),
  desk: fc.nat(1),
  what: fc.constantFrom('next', 'go on', 'open', 'save', 'submit', 'skip', 'release', 'wait'),
  item: fc.nat(3),
});

test('with two desks and any order of events, no item has too many people, every item is handed out and no text is lost', async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.constantFrom(0, 0.5), async (steps, overlap) => {
      number += 1;
      const lab = await deskLab(home, `any-${number}`, {
        labels: { heldOutShare: 0, overlap },
        rounds: { most: 1, seed: { strategy: 'random', count: 4 }, necessity: { count: 1, evaluate: 1 } },
      });
      const clock = await noon();
      const desks = [await openDesk(lab.folder, { clock }), await openDesk(lab.folder, { clock })];
      const items = desks[0]!.list('Ann', { filter: 'all', search: '', offset: 0, limit: 9 }).items;
      const wanted = new Map(items.map((item) => [item.number, desks[0]!.open('Dora', item.number).peopleWanted]));
      for (const item of items) desks[0]!.release('Dora', item.number);
      const written = new Map<string, string>();
      for (const { who, what, item, desk } of steps) {
        if (what === 'wait') await clock.advance(HOLD_MS / 2);
        else act(desks[desk]!, who, what, items[item]!.number, written);
        const having = lab.rows<{ position: number; people: number }>(
          `SELECT position, count(DISTINCT annotator) AS people FROM (
             SELECT position, annotator FROM annotation
             UNION SELECT position, annotator FROM hold WHERE until_ms > ${clock.now()}) GROUP BY position`,
        );
        for (const { position, people } of having) expect(people).toBeLessThanOrEqual(wanted.get(position)!);
      }
      for (const [key, response] of written) {
        const [who, position] = JSON.parse(key) as [string, number];
        expect(desks[1]!.open(who, position).writing.response).toBe(response);
        desks[1]!.release(who, position);
      }
      await clock.advance(HOLD_MS);
      for (const who of [...PEOPLE, 'Dora']) {
        for (let next = desks[0]!.next(who); next !== null; next = desks[0]!.next(who, { after: next.number })) {
          desks[0]!.submit(who, next.number, answer('In the end.', { revision: next.writing.revision }));
        }
      }
      expect(desks[1]!.progress(null)).toMatchObject({ complete: 4, leftForMe: 0 });
      await Promise.all(desks.map((desk) => desk.close()));
    }),
    { numRuns: 12, seed: 5 },
  );
});

function act(desk: AnnotationDesk, who: string, what: string, number: number, written: Map<string, string>): void {
  if (what === 'next') desk.next(who);
  else if (what === 'go on') desk.next(who, { after: number });
  else if (what === 'open') desk.open(who, number);
  else if (what === 'release') desk.release(who, number);
  else {
    const { revision } = desk.open(who, number).writing;
    const response = `${who} wrote ${written.size} ${what}`;
    written.set(JSON.stringify([who, number]), response);
    const draft = { revision, response, comment: 'why', seconds: 1 };
    if (what === 'save') return void desk.save(who, number, draft);
    try {
      desk.submit(who, number, { ...draft, verdict: what === 'skip' ? 'skipped' : 'accepted' });
    } catch (error) {
      if (!(error instanceof DeskError) || error.code !== 'TAKEN') throw error;
    }
  }
}
