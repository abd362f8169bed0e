import { parse } from 'csv-parse/sync';
import { type Options, stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchLabels } from '../../src/campaign/match-labels.ts';
import { chatMessages, openAiMessages } from '../../src/domain/chat-messages.ts';
import { conversationOf } from '../../src/domain/conversation.ts';
import { LabelError } from '../../src/domain/errors.ts';
import type { LabelTask } from '../../src/domain/label.ts';
import { decodeLabelText } from '../../src/labels/decode-label-text.ts';
import { readLabelFile } from '../../src/labels/read-label-file.ts';
import { BRIDGES, detectBridge } from '../../src/labels/registry.ts';
import { PoolBuilder } from '../../src/records/pool-builder.ts';
import { ItemStore } from '../../src/store/item-store.ts';
import { openDatabase } from '../../src/store/open-database.ts';

/**
 * Label files of every kind, treated as people and programs treat them. A label is never bound to another text, and none
 * is lost without a message.
 */

type Row = Record<string, unknown>;
type Shuffle = <T>(all: readonly T[]) => T[];

/** Items that are easily mistaken for each other. */
const TASKS: readonly LabelTask[] = [
  ['7', 'Sum up the text.', 'Ice melts, and "so" it goes.'],
  ['007', 'Sum up the text.', 'Iron rusts;\r\nso it goes.'],
  ['8', 'Sum up the text.'],
  ['a,"b"', '=1+1 is what?\n8,Sum up the text.'],
  ['Ä', 'Объясни,\tпочему тесто поднимается.'],
  ['-3', "'Why' do <b>cats</b> purr & purr?", '{"text":["no"]}'],
].map(([id, instruction, input], index) => ({
  ...{ id: id!, instruction: instruction!, round: 1, rank: index + 1, reason: 'r' },
  ...(input === undefined ? {} : { input }),
  ...(index % 2 === 0 ? {} : { draft: { response: 'No.', model: 'm', score: 0, judgeReason: 'short' } }),
}));

const weather = (city: string): LabelTask['context'] => ({
  before: [
    { role: 'system', text: 'Be brief, "please".' },
    { role: 'user', text: `Weather in ${city}?` },
    { role: 'assistant', text: 'Clear.' },
  ],
});
/** Also conversations that differ in what was said before alone. */
const ALL_TASKS: readonly LabelTask[] = [
  ...TASKS,
  ...['Rome', 'Oslo'].map((city, index) => ({
    ...{ id: `c${index}`, instruction: 'And tomorrow?', round: 1, rank: 7 + index, reason: 'r' },
    context: weather(city),
  })),
];

const answerTo = (id: string) => `ANSWER-${ALL_TASKS.findIndex((task) => task.id === id)}, "so"\nand on; =1`;

function openItems() {
  const builder = new PoolBuilder();
  for (const [index, task] of ALL_TASKS.entries()) {
    const item = { id: task.id, ...conversationOf(task), meta: {}, record: {} };
    builder.add(item, { file: 'pool.jsonl', line: index + 1 });
  }
  const items = new ItemStore(openDatabase(':memory:'), { now: () => 0 });
  items.addFile('pool.jsonl', 'hash', builder.build());
  return items;
}
const items = openItems();

/** In the order of the tasks. */
const answers = ALL_TASKS.map(({ id }) => answerTo(id));

/** How each tool writes an answered task of ours; a table where the file is one. */
const EXPORTS: Readonly<Record<string, (tool: readonly Row[]) => Row[]>> = {
  jsonl: (tasks) => tasks.map((task, row) => ({ ...task, response: answers[row] })),
  csv: (tasks) => tasks.map((task, row) => ({ ...task, response: answers[row] })),
  // As `winnow export --labels` writes them.
  'jsonl, labels': (tasks) =>
    tasks.map(({ id, instruction, input }, row) => ({
      ...{ id, instruction, input, messages: openAiMessages(chatMessages(ALL_TASKS[row]!)), response: answers[row] },
      ...{ verdict: 'accepted', comment: null, annotator: null, seconds: null, source_id: null, cost_usd: 0 },
      ...{ round: 1, counts: true, model_answer: 'No.', record: { text: 'Ice' } },
    })),
  prodigy: (tasks) =>
    tasks.map((task, row) => ({
      ...task,
      user_input: answers[row],
      answer: 'accept',
      _task_hash: 1,
    })),
  doccano: (tasks) => tasks.map((task, row) => ({ ...task, label: [answers[row]] })),
  'doccano, old': (tasks) =>
    tasks.map(({ text, label: _, ...meta }, row) => ({
      text,
      meta,
      annotations: [{ text: answers[row], user: 1 }],
    })),
  'label-studio': (tasks) =>
    tasks.map((task, row) => ({
      ...task,
      annotations: [{ id: row, result: [region(answers[row]!)] }],
    })),
  'label-studio, min': (tasks) =>
    tasks.map(({ data }, row) => ({
      ...(data as Row),
      annotation_id: row,
      lead_time: 3,
      response: answers[row],
    })),
  argilla: (tasks) =>
    tasks.map((task, row) => ({
      ...task,
      _server_id: 's',
      responses: { response: [{ value: answers[row], user_id: 'u' }] },
    })),
  'argilla, flat': (tasks) =>
    tasks.map(({ id, fields, metadata }, row) => ({
      ...{ id, _server_id: 's', ...(fields as Row), ...(metadata as Row) },
      'response.responses': [answers[row]],
    })),
};

function region(answer: string): Row {
  return { from_name: 'response', to_name: 'prompt', type: 'textarea', value: { text: [answer] } };
}

function answered(name: string): Row[] {
  const tool = name.split(',')[0]!;
  const content = BRIDGES.find(tool).encode(ALL_TASKS);
  const records =
    tool === 'csv'
      ? (parse(content, { bom: true, columns: true }) as Row[])
      : (readLabelFile(content, `a${BRIDGES.find(tool).extension}`).records.map(({ value }) => value) as Row[]);
  return EXPORTS[name]!(records);
}

/** What becomes of a file: the answers that were taken, by id, and how many messages there were. */
function imported(content: Buffer, name: string) {
  try {
    const file = readLabelFile(decodeLabelText(content, name), name);
    const decoded = detectBridge(file).decode(file);
    const found = matchLabels(items, decoded.annotations, { isAssigned: () => true, trustIds: false });
    const messages = [
      ...decoded.foreign,
      ...found.refused,
      ...found.otherTexts,
      ...found.unknownIds,
      ...decoded.untouched,
    ];
    return { taken: found.matched.map(({ annotation }) => annotation), messages: messages.length };
  } catch (error) {
    if (!(error instanceof LabelError)) throw error;
    return { taken: [], messages: 1 };
  }
}

function expectNoneAstray({ taken, messages }: ReturnType<typeof imported>): void {
  for (const { itemId, response } of taken) {
    const marks = [...(response ?? '').matchAll(/ANSWER-(\d)/g)].map(([, index]) => ALL_TASKS[Number(index)]!.id);
    expect(marks).toEqual([itemId]);
  }
  if (taken.length < ALL_TASKS.length) expect(messages).toBeGreaterThan(0);
}

const shuffler: fc.Arbitrary<Shuffle> = fc.infiniteStream(fc.nat()).map((numbers) => (all) => {
  const rest = [...all];
  return all.map(() => rest.splice(numbers.next().value! % rest.length, 1)[0]!);
});
const tableOptions: fc.Arbitrary<Options> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  quoted: fc.boolean(),
  record_delimiter: fc.constantFrom('\n', '\r\n'),
  bom: fc.boolean(),
  // Else a line feed stays without quotes where rows end at CR LF.
  quoted_match: fc.constant(/\n/),
});
const encoding = fc.constantFrom<(text: string) => Buffer>(
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\ufeff${text.replace(/^\ufeff/, '')}`),
  (text) => Buffer.from(`\ufeff${text.replace(/^\ufeff/, '')}`, 'utf16le'),
);

function jsonText(records: readonly Row[], style: number): string {
  if (style === 0) return records.map((record) => `${JSON.stringify(record)}\n`).join('');
  return JSON.stringify(records, null, style === 1 ? undefined : 2);
}

const NEW_NAMES = ['Answer', 'X', 'text', 'output', 'winnow_id', 'completions', 'labels', 'value'] as const;

type Path = readonly string[];

/** Every field, and the fields in it. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [...(path.length === 0 ? [] : [path]), ...inner.flatMap(([key, one]) => pathsOf(one, [...path, key]))];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner === null || inner === undefined ? inner : Object(inner)[key]),
    value,
  );
}

/** Replaces a field; takes it out where the new value is undefined. */
function put(record: Row, path: Path, make: () => unknown): void {
  const holder = valueAt(record, path.slice(0, -1));
  if (typeof holder !== 'object' || holder === null) return;
  const value = make();
  if (value === undefined) Reflect.deleteProperty(holder, path.at(-1)!);
  else Reflect.set(holder, path.at(-1)!, value);
}

const TABLES = ['csv', 'label-studio, min'];

describe('a label file of ours', () => {
  it.each(Object.keys(EXPORTS).filter((name) => name !== 'csv'))(
    'is read whole for %s, shuffled, re-encoded and laid out differently',
    (name) => {
      const order = fc.tuple(shuffler, encoding, fc.integer({ min: 0, max: 2 }), shuffler);
      fc.assert(
        fc.property(order, ([shuffle, encode, style, shuffleKeys]) => {
          const records = shuffle(answered(name)).map((record) =>
            Object.fromEntries(shuffleKeys(Object.entries(record))),
          );
          const { taken } = imported(encode(jsonText(records, style)), style === 0 ? 'a.jsonl' : 'a.json');
          expect(taken.map(({ itemId, response }) => [itemId, response]).sort()).toEqual(
            ALL_TASKS.map(({ id }) => [id, answerTo(id)]).sort(),
          );
        }),
        { numRuns: 25 },
      );
    },
  );

  it.each(TABLES)('is read whole as a table for %s, re-quoted, with columns in another order', (name) => {
    fc.assert(
      fc.property(shuffler, shuffler, tableOptions, encoding, (shuffle, shuffleColumns, options, encode) => {
        const records = shuffle(answered(name));
        const columns = shuffleColumns(Object.keys(records[0]!));
        const content = stringify(records, { ...options, columns, header: true });
        const { taken } = imported(encode(content), options.delimiter === '\t' ? 'a.tsv' : 'a.csv');
        expect(taken).toHaveLength(ALL_TASKS.length);
        expectNoneAstray({ taken, messages: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it.each(TABLES)(
    'loses and misleads no answer for %s when columns are dropped, renamed, emptied or sorted alone',
    (name) => {
      const change = fc.tuple(
        fc.constantFrom('drop', 'rename', 'empty', 'sort'),
        fc.nat(),
        fc.constantFrom('Answer', 'answer', 'X', 'Response ', 'ID', 'output', 'instruction'),
      );
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), shuffler, (changes, shuffle) => {
          let records = answered(name);
          let isSorted = false;
          let hasNewAnswer = false;
          for (const [kind, number, newName] of changes) {
            const columns = Object.keys(records[0]!);
            const column = columns[number % columns.length]!;
            // An answer that was moved by itself stands beside the whole of another item, and so it does where id and text
            // were moved alike: nothing shows that.
            if (kind === 'sort' && (column === 'response' || isSorted)) continue;
            isSorted ||= kind === 'sort';
            hasNewAnswer ||= kind === 'rename' && newName.trim() === 'Response' && column !== 'response';
            const moved = shuffle(records.map((record) => record[column]));
            records = records.map((record, row) => {
              const { [column]: value, ...others } = record;
              if (kind === 'drop') return others;
              if (kind === 'rename') return newName in others ? record : { ...others, [newName]: value };
              return { ...record, [column]: kind === 'empty' ? '' : moved[row] };
            });
          }
          const content = stringify(records, { header: true });
          const columns = Object.keys(records[0]!);
          // Another column that people call the response is what they mean by it.
          if (hasNewAnswer && !columns.includes('response')) return;
          const isDropped = ['instruction|prompt', 'input', 'context|prompt'].some(
            (text) => !columns.some((column) => new RegExp(text, 'i').test(column)),
          );
          const outcome = imported(Buffer.from(content), 'a.csv');
          // Without one of the texts, only the id separates items that share the other.
          if (!isDropped || !changes.some(([kind]) => kind === 'sort')) expectNoneAstray(outcome);
        }),
        { numRuns: 300 },
      );
    },
  );

  it.each(Object.keys(EXPORTS))(
    'loses and misleads no answer for %s when fields are dropped, renamed, emptied or moved alone',
    (name) => {
      const change = fc.tuple(fc.constantFrom('drop', 'rename', 'empty'), fc.nat(), fc.constantFrom(...NEW_NAMES));
      const changes = fc.array(change, { minLength: 1, maxLength: 3 });
      fc.assert(
        fc.property(fc.oneof(changes, fc.nat()), shuffler, fc.integer({ min: 0, max: 2 }), (what, shuffle, style) => {
          const records = answered(name);
          if (typeof what === 'number') {
            // An answer, or a whole item, that was moved by itself stands beside another item: nothing shows that.
            const paths = pathsOf(records[0]).filter((path) => typeof valueAt(records[0], path) === 'string');
            const movable = paths.filter((path) => !String(valueAt(records[0], path)).includes('ANSWER'));
            const path = movable[what % movable.length]!;
            const moved = shuffle(records.map((record) => valueAt(record, path)));
            for (const [row, record] of records.entries()) put(record, path, () => moved[row]);
          }
          for (const [kind, number, newName] of typeof what === 'number' ? [] : what) {
            const paths = pathsOf(records[number % records.length]);
            const path = paths[number % paths.length];
            if (path === undefined) continue;
            for (const record of records) {
              const value = valueAt(record, path);
              if (value === undefined) continue;
              put(record, path, () => (kind === 'empty' ? '' : undefined));
              const renamed = [...path.slice(0, -1), newName];
              if (kind === 'rename' && valueAt(record, renamed) === undefined) put(record, renamed, () => value);
            }
          }
          expectNoneAstray(imported(Buffer.from(jsonText(records, style)), style === 0 ? 'a.jsonl' : 'a.json'));
        }),
        { numRuns: 150 },
      );
    },
  );

  it.each(TABLES)('binds no answer to another item for %s when a quote or a line end is lost or added', (name) => {
    const spoiling = fc.tuple(fc.nat(), fc.constantFrom('', '"', '\n', '"\n'), fc.constantFrom('"', '\n', ','));
    fc.assert(
      fc.property(fc.array(spoiling, { minLength: 1, maxLength: 2 }), fc.boolean(), (spoilings, quoted) => {
        let content = stringify(answered(name), { header: true, quoted });
        for (const [number, replacement, what] of spoilings) {
          const places = [...content.matchAll(new RegExp(what, 'g'))].map(({ index }) => index);
          const place = places[number % Math.max(1, places.length)] ?? 0;
          content = content.slice(0, place) + replacement + content.slice(place + 1);
        }
        expectNoneAstray(imported(Buffer.from(content), 'a.csv'));
      }),
      { numRuns: 400 },
    );
  });
});
