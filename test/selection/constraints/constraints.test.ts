import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instruction } from '../../../src/domain/instruction.ts';
import { allocate } from '../../../src/selection/constraints/allocate.ts';
import { isWanted, parseConstraints } from '../../../src/selection/constraints/constraints.ts';
import { leaveFew, leaveFewPerGroup } from '../../../src/selection/constraints/group-slots.ts';
import { instructionOf } from '../../../src/testing/strategy-context.ts';

const withRecords = (records: readonly Instruction['record'][]) =>
  records.map((record, position): Instruction => ({ ...instructionOf(`text ${position}`, position), record }));
const plain = { fixed: [], capacityOf: (positions: readonly number[]) => positions.length };
const positionsOf = (items: readonly unknown[]) => [...items.keys()];

describe('parseConstraints', () => {
  it.each([
    [{ quota: ['language'] }, /quota "language" cannot be read/],
    [{ quota: ['language=en:x'] }, /cannot be read/],
    [{ quota: ['language=en:70%,de:40%'] }, /asks for 110 %/],
    [{ quota: ['language=en:1,en:2'] }, /names "en" twice/],
    [{ atLeast: ['topic=billing'] }, /atLeast "topic=billing" cannot be read/],
    [{ atMost: ['user=0'] }, /atMost "user=0" cannot be read/],
    [{ where: ['language'] }, /where "language" cannot be read/],
  ])('refuses %j', (options, message) => {
    expect(() => parseConstraints(options)).toThrow(message);
  });

  it('filters by fields, also inside others', () => {
    const [en, de, none] = withRecords([{ meta: { lang: 'en' } }, { meta: { lang: 'de' } }, {}]);
    const wanted = (where: string) =>
      [en, de, none].map((item) => isWanted(item!, parseConstraints({ where: [where] }).where));
    expect(wanted('meta.lang=en')).toEqual([true, false, false]);
    expect(wanted('meta.lang=en,de')).toEqual([true, true, false]);
    expect(wanted('meta.lang!=en')).toEqual([false, true, true]);
  });
});

describe('allocate', () => {
  it('says with numbers what cannot be had', () => {
    const items = withRecords([...Array(12).fill({ l: 'de' }), ...Array(88).fill({ l: 'en' })]);
    const ask = (options: Parameters<typeof parseConstraints>[0]) => () =>
      allocate(positionsOf(items), items, 50, parseConstraints(options), plain);
    expect(ask({ quota: ['l=en:60%,de:40%'] })).toThrow(
      'The quota asks for 20 items with l de, but only 12 can be picked.',
    );
    expect(ask({ atLeast: ['l=fr:1'] })).toThrow('The minimum asks for at least 1 items with l fr, but only 0');
    expect(ask({ quota: ['l=en:45'], atLeast: ['l=de:10'] })).toThrow(
      'These limits cannot hold together for 50 items: exactly 45 with l en (88 available); at least 10 with l de (12 available).',
    );
  });

  it('keeps to every quota and minimum that can be had, in proportion otherwise', () => {
    const record = fc.record({ a: fc.constantFrom('x', 'y', 'z'), b: fc.constantFrom('p', 'q') });
    fc.assert(
      fc.property(fc.array(record, { minLength: 4, maxLength: 60 }), fc.nat(), fc.nat(), (records, seed, size) => {
        const items = withRecords(records);
        const count = 1 + (size % items.length);
        // What some choice has can be had.
        const chosen = positionsOf(items)
          .sort((m, n) => (((m + seed) * 7919) % 101) - (((n + seed) * 7919) % 101))
          .slice(0, count);
        const countOf = (field: 'a' | 'b', value: string, among: readonly number[]) =>
          among.filter((position) => records[position]![field] === value).length;
        const quota = `a=x:${countOf('a', 'x', chosen)},y:${countOf('a', 'y', chosen)}`;
        const minimum = countOf('b', 'p', chosen);
        const constraints = parseConstraints({ quota: [quota], atLeast: [`b=p:${minimum}`] });
        const cells = allocate(positionsOf(items), items, count, constraints, plain);
        const picked = cells.flatMap((cell) => cell.positions.slice(0, cell.count));
        expect(picked).toHaveLength(count);
        expect(countOf('a', 'x', picked)).toBe(countOf('a', 'x', chosen));
        expect(countOf('a', 'y', picked)).toBe(countOf('a', 'y', chosen));
        expect(countOf('b', 'p', picked)).toBeGreaterThanOrEqual(minimum);
      }),
      { numRuns: 60 },
    );
  });
});

describe('leaveFewPerGroup', () => {
  it('moves places between parts where that is the only way', () => {
    // u1 has both; only u1 has "de", so its place must not go to "en".
    const groups = ['u1', 'u1', 'u2'];
    const cells = [
      { name: 'en', positions: [0, 2], count: 1 },
      { name: 'de', positions: [1], count: 1 },
    ];
    const left = leaveFewPerGroup(cells, { field: 'user', count: 1 }, (position) => groups[position], new Map(), 0);
    expect(left.map(({ positions }) => positions)).toEqual([[2], [1]]);
  });

  it('explains a limit that leaves too few', () => {
    const cells = [{ name: 'others', positions: [0, 1, 2], count: 3 }];
    expect(() => leaveFewPerGroup(cells, { field: 'user', count: 2 }, () => 'u', new Map(), 0)).toThrow(
      'At most 2 per user leaves 2 of 3 items.',
    );
    expect(() => leaveFewPerGroup(cells, { field: 'user', count: 2 }, () => 'u', new Map([['u', 1]]), 0)).toThrow(
      'leaves 1 of 3 items',
    );
  });
});

describe('leaveFew', () => {
  const limitOf = (field: string, count: number, names: readonly string[]) => ({
    limit: { field, count },
    groupOf: (position: number) => names[position],
    used: new Map<string, number>(),
  });
  const countsOf = (names: readonly string[], positions: readonly number[]) => {
    const counts = new Map<string, number>();
    for (const position of positions) counts.set(names[position]!, (counts.get(names[position]!) ?? 0) + 1);
    return [...counts.values()];
  };

  it('finds a choice for users and their conversations wherever there is one, in either order', () => {
    const item = fc.record({ user: fc.integer({ min: 0, max: 3 }), chat: fc.integer({ min: 0, max: 3 }) });
    const most = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 25 }), most, most, fc.boolean(), fc.nat(), (...given) => {
        const [items, perUser, perChat, isUserFirst, seed] = given;
        const users = items.map(({ user }) => `u${user}`);
        const chats = items.map(({ user, chat }) => `u${user} c${chat}`);
        const inChats = new Map<string, number>();
        for (const chat of new Set(chats)) {
          const size = Math.min(perChat, chats.filter((one) => one === chat).length);
          const user = chat.split(' ')[0]!;
          inChats.set(user, (inChats.get(user) ?? 0) + size);
        }
        const count = [...inChats.values()].reduce((sum, size) => sum + Math.min(perUser, size), 0);
        const limits = [limitOf('user', perUser, users), limitOf('conversation', perChat, chats)];
        const cells = [{ name: 'others', positions: positionsOf(items), count }];
        const [left] = leaveFew(cells, isUserFirst ? limits : limits.toReversed(), seed);
        expect(left!.positions.length).toBeGreaterThanOrEqual(count);
        expect(Math.max(...countsOf(users, left!.positions))).toBeLessThanOrEqual(perUser);
        expect(Math.max(...countsOf(chats, left!.positions))).toBeLessThanOrEqual(perChat);
      }),
      { numRuns: 300 },
    );
  });

  it('names all limits where no choice is found', () => {
    // Three users and three channels, but all items are of the first user or in the first channel.
    const users = ['u1', 'u1', 'u1', 'u2', 'u3'];
    const channels = ['c1', 'c2', 'c3', 'c1', 'c1'];
    const ask = (count: number) => () =>
      leaveFew(
        [{ name: 'others', positions: [0, 1, 2, 3, 4], count }],
        [limitOf('user', 1, users), limitOf('channel', 1, channels)],
        0,
      );
    expect(ask(2)()[0]!.positions).toHaveLength(2);
    expect(ask(3)).toThrow('No choice of 3 items was found that has at most 1 per user and at most 1 per channel.');
  });
});

it('leaves out single items by their ids, also where the records have none', () => {
  const item = (id: string, record: object) =>
    ({ id, record, meta: {}, instruction: id, source: { file: 'f', line: 1 } }) as Instruction;
  const { where } = parseConstraints({ where: ['id!=q7,it_1'] });
  const items = [item('q7', { id: 'q7' }), item('it_1', {}), item('q8', { id: 'q8' })];
  expect(items.filter((one) => isWanted(one, where)).map(({ id }) => id)).toEqual(['q8']);
});
