import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { embeddingText, textHash } from '../../src/domain/instruction.ts';
import { readPool } from '../../src/records/read-pool.ts';
import type { CampaignState } from '../../src/store/campaign-state.ts';
import type { ItemStore } from '../../src/store/item-store.ts';
import { emptyCampaign, poolOf, texts, type Written } from './campaign-file.ts';

const NO_WHOLE_LETTER = 'half \ud83d and \udc00';
const KEPT = 'half \ufffd and \ufffd';

describe('ItemStore', () => {
  let state: CampaignState;
  let items: ItemStore;

  beforeEach(() => {
    state = emptyCampaign();
    items = state.items;
    return () => state.close();
  });

  it('gives instructions back as they were read, in the order of their file', () => {
    const records: Written[] = [
      { id: 'b', instruction: 'Sort this.', input: '3 1 2', output: '1 2 3' },
      { id: 'a', instruction: 'Say hello.', record: { deep: [{ weight: 0.1 }, null], __proto__x: 'kept' } },
      { instruction: 'Sort this.' },
    ];
    const pool = poolOf(records, 'pool.jsonl');
    expect(items.addFile('pool.jsonl', 'h1', pool)).toEqual({
      path: 'pool.jsonl',
      contentHash: 'h1',
      records: 3,
      added: 3,
      badRecords: 0,
    });
    expect(items.all()).toEqual(pool.instructions);
    expect(items.count()).toBe(3);
    expect([0, 1, 2].map((position) => items.idOf(position))).toEqual(pool.instructions.map(({ id }) => id));
    expect(pool.instructions.map(({ id }) => items.find(id))).toEqual([0, 1, 2]);
  });

  it('gives conversations back whole', async () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'More' },
    ];
    const pool = await readPool([[{ id: 'c', messages, tools: [{ name: 'f' }] }]], { turns: 'each' });
    expect(items.addFile('chats', 'h', pool).added).toBe(2);
    expect(items.all()).toEqual(
      pool.instructions.map((item) => ({ ...item, meta: {}, source: { file: 'chats', line: 1 } })),
    );
    expect(items.addFile('chats', 'h2', pool).added).toBe(0);
  });

  it('knows a conversation that an earlier version took for its first request', async () => {
    const record = {
      id: 'c',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
    };
    items.addFile('chats', 'h', poolOf([{ id: 'c', instruction: 'Hi', record }]));
    const pool = await readPool([[record, { ...record, id: 'd' }]]);
    expect(pool.instructions).toHaveLength(1);
    expect(items.addFile('chats', 'h2', pool).added).toBe(0);
    const other = {
      id: 'c',
      messages: [
        { role: 'system', content: 'Be long.' },
        { role: 'user', content: 'Hi' },
      ],
    };
    expect(items.addFile('others', 'h3', await readPool([[other]])).added).toBe(1);
  });

  it.each([
    ['a placeholder for an input', { instruction: 'Hi', input: '<noinput>' }, ['Hi', '<noinput>']],
    ['instances without their input', { instruction: 'Hi', instances: [{ input: 'a', output: 'b' }] }, ['Hi']],
    [
      'the request after its history',
      { instruction: 'Hi', input: 'there', history: [['First', 'Second']] },
      ['Hi', 'there'],
    ],
  ] as const)('knows a record of which an earlier version took %s', async (_, record, [instruction, input]) => {
    items.addFile('old', 'h', poolOf([{ instruction, ...(input === undefined ? {} : { input }), record }]));
    const added = { ...record, instruction: 'Bye' };
    expect(items.addFile('old', 'h2', await readPool([[record, added]])).added).toBe(1);
    expect(texts(items.all())).toEqual(['Hi', 'Bye']);
  });

  it('finds nothing under an unknown id, and names a position that does not exist', () => {
    items.addFile('pool.jsonl', 'h', poolOf([{ id: 'a', instruction: 'A' }]));
    expect(items.find('b')).toBeUndefined();
    expect(() => items.idOf(1)).toThrow('no item at position 1');
  });

  it('adds of a second file only the texts that are new, and finds the others by both their ids', () => {
    items.addFile(
      'one.jsonl',
      'h1',
      poolOf(
        [
          { id: 'a', instruction: 'A' },
          { id: 'b', instruction: 'B', input: 'x' },
        ],
        'one.jsonl',
      ),
    );
    const two = poolOf(
      [
        { id: 'c', instruction: 'C' },
        { id: 'a2', instruction: 'A' },
        { id: 'b', instruction: 'B', input: 'x' },
      ],
      'two.jsonl',
    );
    expect(items.addFile('two.jsonl', 'h2', two)).toMatchObject({ records: 3, added: 1 });
    expect(texts(items.all())).toEqual(['A', 'B', 'C']);
    expect(items.all()[2]!.source).toEqual({ file: 'two.jsonl', line: 1 });
    expect(['a', 'a2', 'b', 'c'].map((id) => items.find(id))).toEqual([0, 0, 1, 2]);
    expect(items.idOf(0)).toBe('a');
  });

  it('tells the ids of two files apart where they name different texts alike', () => {
    items.addFile('one.jsonl', 'h1', poolOf([{ id: '1', instruction: 'A' }]));
    items.addFile('two.jsonl', 'h2', poolOf([{ id: '1', instruction: 'B' }]));
    const suffixed = `1#${textHash('B').slice(0, 8)}`;
    expect(items.idOf(1)).toBe(suffixed);
    expect([items.find('1'), items.find(suffixed)]).toEqual([0, 1]);
    items.addFile('three.jsonl', 'h3', poolOf([{ id: suffixed, instruction: 'C' }]));
    expect(items.find(items.idOf(2))).toBe(2);
    expect(items.find(suffixed)).toBe(1);
  });

  it('gives no id to an item that is the other id of another', () => {
    items.addFile(
      'one.jsonl',
      'h1',
      poolOf([
        { id: 'a', instruction: 'A' },
        { id: 'other', instruction: 'A' },
      ]),
    );
    items.addFile('two.jsonl', 'h2', poolOf([{ id: 'other', instruction: 'B' }]));
    expect(items.find('other')).toBe(0);
    expect(items.idOf(1)).toBe(`other#${textHash('B').slice(0, 8)}`);
  });

  it('finds records that were merged within their file', () => {
    const file = poolOf([
      { id: 'a', instruction: 'A' },
      { id: 'b', instruction: 'B' },
      { id: 'again', instruction: 'B' },
    ]);
    expect(items.addFile('pool.jsonl', 'h', file)).toMatchObject({ records: 3, added: 2 });
    expect(items.find('again')).toBe(1);
  });

  it('adds of a file that changed what is new in it, and moves nothing', () => {
    items.addFile(
      'pool.jsonl',
      'h1',
      poolOf([
        { id: '1', instruction: 'A' },
        { id: '2', instruction: 'B' },
      ]),
    );
    const changed = poolOf([
      { id: '0', instruction: 'New' },
      { id: '2', instruction: 'B' },
      { id: '1', instruction: 'A, edited' },
    ]);
    expect(items.addFile('pool.jsonl', 'h2', changed)).toMatchObject({ records: 3, added: 2 });
    expect(texts(items.all())).toEqual(['A', 'B', 'New', 'A, edited']);
    expect(items.idOf(3)).toBe(`1#${textHash('A, edited').slice(0, 8)}`);
    expect(items.addFile('pool.jsonl', 'h3', changed)).toMatchObject({ added: 0 });
    expect(items.count()).toBe(4);
  });

  it('lists every file once, as it was last added', () => {
    items.addFile('one.jsonl', 'h1', poolOf([{ instruction: 'A' }]));
    items.addFile('two.jsonl', 'h2', poolOf([{ instruction: 'B' }]));
    items.addFile('one.jsonl', 'h3', poolOf([{ instruction: 'A' }, { instruction: 'C' }]));
    expect(items.files()).toEqual([
      { path: 'two.jsonl', contentHash: 'h2', records: 1, added: 1, badRecords: 0 },
      { path: 'one.jsonl', contentHash: 'h3', records: 2, added: 1, badRecords: 0 },
    ]);
  });

  it('keeps nothing of a file of which one record cannot be kept', () => {
    const pool = poolOf([
      { id: 'a', instruction: 'A' },
      { id: 'b', instruction: 'B' },
    ]);
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const broken = {
      ...pool,
      instructions: [pool.instructions[0]!, { ...pool.instructions[1]!, record: circular as never }],
    };
    expect(() => items.addFile('pool.jsonl', 'h', broken)).toThrow('circular');
    expect([items.count(), items.files(), items.find('a')]).toEqual([0, [], undefined]);
  });

  it('keeps NULs, markup, marks of direction, megabytes and records nested deeper than SQLite reads', () => {
    const nested = JSON.parse(`${'['.repeat(1_200)}${']'.repeat(1_200)}`);
    const records: Written[] = [
      { id: 'nul\0nul', instruction: 'before\0after', input: '\0', output: '\0\0' },
      { id: '</script>', instruction: '<img src=x onerror=alert(1)>\u001b[2J', input: '\u202egnirts' },
      { id: 'huge', instruction: 'x'.repeat(3_000_000), record: { field: 'y'.repeat(3_000_000) } },
      { id: 'nested', instruction: 'deep', record: { nested } },
    ];
    const pool = poolOf(records);
    items.addFile('pool.jsonl', 'h', pool);
    expect(items.all().slice(0, 3)).toEqual(pool.instructions.slice(0, 3));
    expect(JSON.stringify(items.all()[3]!.record)).toBe(JSON.stringify({ nested }));
    expect(records.map(({ id }) => items.find(id!))).toEqual([0, 1, 2, 3]);
    expect(items.find('nul')).toBeUndefined();
  });

  it('keeps halves of letters as U+FFFD, knows their texts again and finds them by either id', () => {
    const pool = () =>
      poolOf([{ id: NO_WHOLE_LETTER, instruction: NO_WHOLE_LETTER, input: NO_WHOLE_LETTER, output: NO_WHOLE_LETTER }]);
    items.addFile('one.jsonl', 'h1', pool());
    expect(items.all()[0]).toMatchObject({ id: KEPT, instruction: KEPT, input: KEPT, output: KEPT });
    expect(items.all()[0]!.record.instruction).toBe(NO_WHOLE_LETTER);
    expect([items.find(NO_WHOLE_LETTER), items.find(KEPT)]).toEqual([0, 0]);
    expect(items.addFile('two.jsonl', 'h2', pool())).toMatchObject({ added: 0 });
    const aliases = poolOf([
      { id: 'x\ud800', instruction: KEPT, input: KEPT },
      { id: 'x\udc00', instruction: 'Other' },
    ]);
    expect(items.addFile('three.jsonl', 'h3', aliases)).toMatchObject({ added: 1 });
    expect([items.find('x\ud800'), items.idOf(1)]).toEqual([0, `x\ufffd#${textHash('Other').slice(0, 8)}`]);
  });

  it('takes 20,000 instructions in, and of a file that has them and 100 more only those', () => {
    const records = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ id: `t${index}`, instruction: `Task ${index}` }));
    items.addFile('pool.jsonl', 'h1', poolOf(records(20_000)));
    expect(items.addFile('pool.jsonl', 'h2', poolOf(records(20_100)))).toMatchObject({ added: 100 });
    expect(items.count()).toBe(20_100);
    expect(items.find('t20099')).toBe(20_099);
  });

  it('never moves a position nor gives an id twice, for any files in any order', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'a\ud800', 'a\ufffd', 'a\0', '');
    const record = fc.record({
      id: fc.option(word, { nil: undefined }),
      instruction: word.map((text) => `Do ${text}`),
      input: fc.option(
        word.filter((text) => text !== ''),
        { nil: undefined },
      ),
    });
    const files = fc.array(fc.record({ path: word, records: fc.array(record, { maxLength: 8 }) }), { maxLength: 5 });
    fc.assert(
      fc.property(files, (given) => {
        const campaign = emptyCampaign();
        let before: string[] = [];
        for (const { path, records } of given) {
          const written = records.map(({ id, instruction, input }) => ({
            instruction,
            ...(id === undefined ? {} : { id }),
            ...(input === undefined ? {} : { input }),
          }));
          const pool = poolOf(written, path);
          const { added } = campaign.items.addFile(path, 'h', pool);
          const now = campaign.items
            .all()
            .map(({ id, instruction, input }) => JSON.stringify([id, instruction, input]));
          expect(now.slice(0, before.length)).toEqual(before);
          expect(now.length).toBe(before.length + added);
          expect(campaign.items.count()).toBe(now.length);
          before = now;
          const all = campaign.items.all();
          all.forEach(({ id }, position) => {
            expect([campaign.items.find(id), campaign.items.idOf(position)]).toEqual([position, id]);
          });
          const hashes = all.map((item) => textHash(embeddingText(item)));
          expect(new Set(hashes).size).toBe(hashes.length);
          for (const item of pool.instructions) expect(hashes).toContain(textHash(embeddingText(item)));
          for (const id of pool.mergedIds.keys()) expect(campaign.items.find(id)).toBeDefined();
        }
        campaign.close();
      }),
      { numRuns: 150 },
    );
  });
});
