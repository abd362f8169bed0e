import { describe, expect, test } from 'vitest';
import { openDesk } from '../../../src/annotate/desk/annotation-desk.ts';
import { StepError } from '../../../src/domain/errors.ts';
import { CampaignLab } from '../../campaign/campaign-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab, HOLD_MS, NOON } from './desk-lab.ts';

const home = temporaryFolder();
const ALL = { filter: 'all', search: '', offset: 0, limit: 100 } as const;

function draft(response: string, revision = 0, about: { comment?: string; seconds?: number } = {}) {
  return { revision, response, comment: '', seconds: 0, ...about };
}

function code(code: string) {
  return expect.objectContaining({ code });
}

describe('opening', () => {
  test('fails while no items have been selected', async () => {
    const lab = new CampaignLab(home, 'nothing-yet');
    await expect(openDesk(lab.folder, lab.options)).rejects.toThrow(StepError);
    await lab.work((campaign) => campaign.addPool());
    await expect(openDesk(lab.folder, lab.options)).rejects.toThrow('No items have been selected yet.');
  });

  test('gives the name of the campaign and its last round', async () => {
    await atDesk(await deskLab(home, 'named'), (desk) => {
      expect(desk.campaign).toBe('named');
      expect(desk.round()).toBe(1);
    });
  });
});

describe('going from item to item', () => {
  test('gives all items by rank until none is left', async () => {
    const lab = await deskLab(home, 'in-order');
    await atDesk(lab, (desk) => {
      const ranks: number[] = [];
      for (let item = desk.next('Ann'); item !== null; item = desk.next('Ann', { after: item.number })) {
        ranks.push(item.rank);
        expect(item).toMatchObject({ of: 6, round: 1, state: 'open', heldUntilMs: NOON + HOLD_MS, verdict: null });
        const done = desk.submit('Ann', item.number, answer(`Answer ${item.rank}.`));
        expect(done).toMatchObject({ state: 'answered', verdict: 'accepted', heldUntilMs: null, peopleDone: 1 });
        expect(done.writing).toMatchObject({ revision: 1, submitted: true, response: `Answer ${item.rank}.` });
      }
      expect(ranks).toEqual([1, 2, 3, 4, 5, 6]);
      expect(desk.next('Ben')).toBeNull();
    });
    expect(lab.rows('SELECT count(*) AS labels FROM annotation')).toEqual([{ labels: 6 }]);
  });

  test('shows all details of an item and the numbers of its neighbors', async () => {
    const lab = await deskLab(home, 'whole');
    await atDesk(lab, (desk) => {
      const numbers = desk.list('Ann', ALL).items.map(({ number }) => number);
      for (const [index, task] of lab.tasks(1).entries()) {
        expect(desk.open('Ann', numbers[index]!)).toMatchObject({
          id: task.id,
          rank: task.rank,
          instruction: task.instruction,
          input: task.input === '' ? null : task.input,
          reason: task.reason,
          failingAnswer: null,
          peopleWanted: 1,
          peopleDone: 0,
          previous: numbers[index - 1] ?? null,
          next: numbers[index + 1] ?? null,
          writing: { revision: 0, response: '', submitted: false, savedAtMs: null },
        });
      }
    });
  });

  test('a person who comes back gets the item of their draft first, then the rest', async () => {
    const lab = await deskLab(home, 'come-back');
    await atDesk(lab, async (desk, clock) => {
      const [, , third] = desk.list('Ann', ALL).items;
      desk.open('Ann', third!.number);
      desk.save('Ann', third!.number, draft('Half'));
      await clock.advance(24 * 3600_000);
      const again = desk.next('Ann');
      expect(again).toMatchObject({ number: third!.number, state: 'draft', writing: { response: 'Half' } });
      expect(desk.next('Ann', { after: third!.number })).toMatchObject({ rank: 4 });
    });
  });

  test('only items that were handed out can be opened', async () => {
    const lab = await deskLab(home, 'unknown');
    await atDesk(lab, (desk) => {
      const handedOut = desk.list('Ann', ALL).items.map(({ number }) => number);
      const other = Array.from({ length: 40 }, (_, position) => position).find((one) => !handedOut.includes(one))!;
      for (const number of [other, 40, -1, 0.5, Number.NaN]) {
        expect(() => desk.open('Ann', number)).toThrow(code('NO_SUCH_ITEM'));
        expect(() => desk.save('Ann', number, draft('x'))).toThrow(code('NO_SUCH_ITEM'));
        expect(() => desk.submit('Ann', number, answer('x'))).toThrow(code('NO_SUCH_ITEM'));
        expect(() => desk.release('Ann', number)).toThrow(code('NO_SUCH_ITEM'));
      }
      expect(() => desk.progress('Ann', 2)).toThrow(code('NO_SUCH_ITEM'));
      expect(() => desk.list('Ann', { ...ALL, round: 0 })).toThrow(code('NO_SUCH_ITEM'));
    });
    expect(lab.rows('SELECT * FROM working_copy')).toEqual([]);
  });
});

describe('the list', () => {
  test('filters by what the person did, and counts the items of every filter', async () => {
    const lab = await deskLab(home, 'filters');
    await atDesk(lab, (desk) => {
      const numbers = desk.list('Ann', ALL).items.map(({ number }) => number);
      desk.submit('Ann', numbers[0]!, answer('Yes.'));
      desk.submit('Ann', numbers[1]!, { ...answer('', { comment: 'No question.' }), verdict: 'rejected' });
      desk.submit('Ann', numbers[2]!, { ...answer('', { comment: 'Not my field.' }), verdict: 'skipped' });
      desk.save('Ann', numbers[3]!, draft('Half'));
      desk.open('Ben', numbers[4]!);
      const states = (name: string) => desk.list(name, ALL).items.map(({ state }) => state);
      expect(states('Ann')).toEqual(['answered', 'rejected', 'skipped', 'draft', 'taken', 'open']);
      expect(states('Ben')).toEqual(['complete', 'complete', 'complete', 'taken', 'open', 'open']);
      expect(desk.list('Ann', ALL).counts).toEqual({ all: 6, open: 2, mine: 4, skipped: 1, done: 2 });
      expect(desk.list('Ann', ALL).items.map(({ heldBy }) => heldBy)).toEqual([null, null, null, null, 'Ben', null]);
      const ranks = (filter: 'open' | 'mine' | 'skipped' | 'done') =>
        desk.list('Ann', { ...ALL, filter }).items.map(({ rank }) => rank);
      expect([ranks('open'), ranks('mine'), ranks('skipped'), ranks('done')]).toEqual([
        [4, 6],
        [1, 2, 3, 4],
        [3],
        [1, 2],
      ]);
      expect(desk.progress('Ann')).toMatchObject({
        items: 6,
        complete: 3,
        leftForMe: 2,
        mine: { answered: 1, rejected: 1, skipped: 1 },
        atWork: ['Ann', 'Ben'],
        isWaiting: true,
      });
    });
  });

  test('searches instruction, input and id, ignoring case, and returns one page of the matches', async () => {
    const lab = new CampaignLab(home, 'search', {
      labels: { heldOutShare: 0 },
      rounds: { most: 1, seed: { strategy: 'random', count: 4 }, necessity: { count: 1, evaluate: 1 } },
    });
    lab.writePool('pool.jsonl', [
      { id: 'one-x', instruction: 'Explain THUNDER.', output: '' },
      { id: 'two', instruction: 'Summarise.', input: 'After the thunder it rained.', output: '' },
      { id: 'Thunder-3', instruction: 'Name a bird.', output: '' },
      { id: 'four', instruction: 'Straße und 100%_sicher', output: '' },
    ]);
    await lab.work((campaign) => campaign.run());
    await atDesk(lab, (desk) => {
      const found = (search: string) => desk.list('Ann', { ...ALL, search });
      expect(found('thunder')).toMatchObject({ total: 3, counts: { all: 4 } });
      expect(found('  THUNDER ').total).toBe(3);
      expect(found('STRASSE').total).toBe(0);
      expect(found('straße').items).toMatchObject([{ excerpt: 'Straße und 100%_sicher' }]);
      expect([found('%_').total, found('.*').total, found('bird.').total]).toEqual([1, 0, 1]);
      const part = desk.list('Ann', { ...ALL, search: 'thunder', offset: 1, limit: 1 });
      expect(part).toMatchObject({ total: 3, offset: 1, items: [found('thunder').items[1]!] });
      expect(desk.list('Ann', { ...ALL, offset: 99 })).toMatchObject({ total: 4, items: [] });
    });
  });
});

describe('drafts and labels', () => {
  test('are kept per person after the desk was closed', async () => {
    const lab = await deskLab(home, 'kept', { labels: { annotators: 2, heldOutShare: 0 } });
    const number = await atDesk(lab, (desk) => {
      const item = desk.next('Ann')!;
      expect(desk.save('Ann', item.number, draft('By Ann', 0, { comment: 'hm' }))).toMatchObject({
        writing: { revision: 1, response: 'By Ann', comment: 'hm', submitted: false, savedAtMs: NOON },
        heldUntilMs: NOON + HOLD_MS,
      });
      desk.save('Ben', item.number, draft('By Ben'));
      return item.number;
    });
    await atDesk(lab, (desk) => {
      expect(desk.open('Ann', number).writing).toMatchObject({ revision: 1, response: 'By Ann', comment: 'hm' });
      expect(desk.open('Ben', number).writing).toMatchObject({ revision: 1, response: 'By Ben', comment: '' });
      expect(desk.open('Cleo', number)).toMatchObject({ state: 'taken', heldBy: 'Ann', writing: { response: '' } });
      expect(JSON.stringify(desk.list('Cleo', ALL))).not.toContain('By ');
    });
    expect(lab.rows('SELECT * FROM annotation')).toEqual([]);
  });

  test.each([
    ['accepted', '', 'x', 'EMPTY_RESPONSE'],
    ['accepted', ' \n\t', '', 'EMPTY_RESPONSE'],
    ['accepted', 'x'.repeat(1_000_001), '', 'TOO_LONG'],
    ['rejected', '', 'x'.repeat(10_001), 'TOO_LONG'],
  ] as const)('are refused if text is missing or too long: %s', async (verdict, response, comment, problem) => {
    const lab = await deskLab(home, `refused-${verdict}-${response.length}-${comment.length}`);
    await atDesk(lab, (desk) => {
      const { number } = desk.next('Ann')!;
      const form = { ...answer(response, { comment }), verdict };
      expect(() => desk.submit('Ann', number, form)).toThrow(code(problem));
      if (problem === 'TOO_LONG') expect(() => desk.save('Ann', number, form)).toThrow(code(problem));
      expect(desk.open('Ann', number)).toMatchObject({ verdict: null, writing: { revision: 0 } });
    });
    expect(lab.rows('SELECT * FROM annotation')).toEqual([]);
  });

  test.each(['rejected', 'skipped'] as const)(
    'need no reason: an item that is %s can get one afterwards',
    async (verdict) => {
      const lab = await deskLab(home, `reason-after-${verdict}`);
      await atDesk(lab, (desk) => {
        const { number } = desk.next('Ann')!;
        expect(desk.submit('Ann', number, { ...answer(''), verdict })).toMatchObject({
          verdict,
          writing: { revision: 1 },
        });
        const reasoned = { ...answer('', { revision: 1, comment: 'Not my field.' }), verdict };
        expect(desk.submit('Ann', number, reasoned).writing).toMatchObject({ revision: 2, comment: 'Not my field.' });
        expect(desk.progress('Ann').mine).toEqual({ answered: 0, rejected: 0, skipped: 0, [verdict]: 1 });
      });
      expect(lab.rows('SELECT verdict, comment FROM annotation')).toEqual([
        { verdict, comment: null },
        { verdict, comment: 'Not my field.' },
      ]);
    },
  );

  test('may have a million characters of any kind', async () => {
    const lab = await deskLab(home, 'million');
    const response = '\u202e<script>\0\u001b[31m🦜'.padEnd(999_999, 'ä').concat('\ud800');
    await atDesk(lab, (desk) => {
      const { number } = desk.next('Ann')!;
      const kept = response.toWellFormed();
      expect(desk.save('Ann', number, draft(response)).writing.response).toBe(kept);
      expect(desk.save('Ann', number, draft(response)).writing.revision).toBe(1);
      expect(desk.submit('Ann', number, answer(response, { revision: 1 })).writing.response).toBe(kept);
      expect(lab.rows('SELECT response FROM annotation')).toEqual([{ response: kept }]);
    });
  });
});
