import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvBridge } from '../../src/labels/csv.ts';
import { hostileTasks, hostileText, TASKS } from '../../src/testing/label-tasks.ts';
import { decode, handedOut, type Json, jsonLines, UNSAID } from './label-tasks.ts';

/** The table handed out, as a spreadsheet shows it. */
const rowsOut = (content = csvBridge.encode(TASKS)): Json[] => parse(content, { bom: true, columns: true });

/** The records handed out, filled in and saved, in either form. */
const WAYS = [
  {
    name: 'jsonl',
    out: () => handedOut('jsonl'),
    read: (records: readonly Json[]) => decode('jsonl', jsonLines(records)),
  },
  {
    name: 'csv',
    out: rowsOut,
    read: (records: readonly Json[]) => decode('csv', stringify([...records], { header: true })),
  },
] as const;

describe.each(WAYS)('a plain $name file', ({ name, out, read }) => {
  const [plain, drafted, third] = out() as [Json, Json, Json];

  it('has fields for the answer, and the draft in a separate field', () => {
    expect(drafted).toMatchObject({
      id: 'it_2',
      instruction: 'Sum up the text.',
      input: 'A long text.',
      draft: 'No.',
      draft_model: 'seed-1',
      judge_reason: 'it sums up nothing',
      reason: 'the model fails at it',
      response: '',
      annotator: '',
      verdict: '',
      seconds: '',
      submitted_at: '',
    });
    expect(Object.keys(plain)).toEqual(Object.keys(drafted));
  });

  it('gives no label for an item while its fields are empty', () => {
    expect(read(out())).toEqual({ annotations: [], untouched: ['it_1', 'it_2', '3'], foreign: [] });
  });

  it('gives what was filled in, repeated records included', () => {
    const filled = { response: 'Rhine', annotator: 'ann', seconds: '12.5', submitted_at: '2025-03-01 10:00:00+01:00' };
    expect(
      read([
        { ...plain, ...filled },
        { ...plain, response: 'Po', comment: ' ' },
        drafted,
        { ...third, verdict: 'Skip', comment: 'out of my depth' },
      ]),
    ).toEqual({
      annotations: [
        {
          itemId: 'it_1',
          verdict: 'accepted',
          response: 'Rhine',
          annotator: 'ann',
          seconds: 12.5,
          submittedAtMs: Date.UTC(2025, 2, 1, 9),
          sourceId: null,
        },
        { ...UNSAID, itemId: 'it_1', verdict: 'accepted', response: 'Po' },
        { ...UNSAID, itemId: '3', verdict: 'skipped', response: null, comment: 'out of my depth' },
      ],
      untouched: ['it_2'],
      foreign: [],
    });
  });

  it.each([
    ['accept', 'accepted', 'Rhine'],
    ['Accepted', 'accepted', 'Rhine'],
    [' OK ', 'accepted', 'Rhine'],
    ['', 'accepted', 'Rhine'],
    ['draft', 'draft', 'Rhine'],
    ['REJECT', 'rejected', null],
    ['rejected', 'rejected', null],
    ['skip', 'skipped', null],
    ['skipped', 'skipped', null],
  ])('takes the verdict %j for %s', (verdict, expected, response) => {
    expect(read([{ ...plain, response: 'Rhine', verdict }]).annotations).toEqual([
      { ...UNSAID, itemId: 'it_1', verdict: expected, response },
    ]);
  });

  it('counts a draft that was copied into the response as a label, and an empty draft of a person as none', () => {
    const { annotations, untouched } = read([
      { ...drafted, response: 'No.' },
      { ...plain, verdict: 'draft' },
    ]);
    expect(annotations).toEqual([{ ...UNSAID, itemId: 'it_2', verdict: 'accepted', response: 'No.' }]);
    expect(untouched).toEqual(['it_1']);
  });

  it('says what cannot be read', () => {
    const { annotations, foreign, warnings } = read([
      { ...plain, verdict: 'perhaps', response: 'x' },
      { ...drafted, verdict: 'ok' },
      { ...plain, response: 'x', seconds: 'long' },
      { ...plain, response: 'x', submitted_at: '1.3.2025' },
      { ...plain, id: '', response: 'x' },
    ]);
    expect(annotations.map(({ response }) => response)).toEqual(['x', 'x']);
    const first = name === 'csv' ? 2 : 1;
    const place = (index: number) => `${name === 'csv' ? 'row' : 'line'} ${first + index}`;
    expect(foreign.map((record) => `${record.place}: ${record.cause}`)).toEqual([
      `${place(0)}: its verdict is "perhaps"; allowed are accept, accepted, ok, reject, rejected, skip, skipped, draft or nothing`,
      expect.stringContaining(`${place(1)}: its verdict is to accept, but its response is empty`),
      expect.stringContaining(`${place(4)}: its id is missing or not an id`),
    ]);
    expect(warnings?.map((record) => `${record.place}: ${record.cause}`)).toEqual([
      `${place(2)}: its seconds is "long", not a number of seconds of at least 0; it is ignored`,
      `${place(3)}: its submitted_at is "1.3.2025", not a time such as 2025-01-31T09:30:00Z; it is ignored`,
    ]);
  });
});

describe('a plain jsonl file', () => {
  it('may have numbers for ids and seconds, and be one array', () => {
    const { annotations } = decode('jsonl', '[{"id":3,"response":"x","seconds":4,"annotator":7}]', 'a.json');
    expect(annotations).toEqual([
      { ...UNSAID, itemId: '3', verdict: 'accepted', response: 'x', seconds: 4, annotator: '7' },
    ]);
  });

  it('keeps all digits of a number, and refuses values of the wrong kind', () => {
    const text = '{"id":12345678901234567891,"response":"x"}\n{"id":1.5,"response":"x"}\n{"id":"a","response":["x"]}\n';
    const { annotations, foreign } = decode('jsonl', text);
    expect(annotations.map(({ itemId }) => itemId)).toEqual(['12345678901234567891']);
    expect(foreign).toEqual([
      { place: 'line 2', cause: expect.stringContaining('its id is missing or not an id') },
      { place: 'line 3', cause: 'its response is not text' },
    ]);
  });
});

describe('a plain csv file', () => {
  it('starts with the byte order mark that tells spreadsheets about UTF-8, and has a header even without rows', () => {
    expect(csvBridge.encode([])).toMatch(/^\ufeff"id","instruction","input","draft".*\n$/);
  });

  it('has no cell that a spreadsheet would run, for any pool', () => {
    fc.assert(
      fc.property(hostileTasks, (tasks) => {
        const cells = rowsOut(csvBridge.encode(tasks)).flatMap((row) => Object.values(row));
        expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell as string))).toEqual([]);
      }),
    );
  });

  it('protects a formula with an apostrophe, and removes only that apostrophe on the way back', () => {
    const task = { ...TASKS[0]!, id: '=cmd|1', instruction: "'=x", reason: "'tis" };
    const [row] = rowsOut(csvBridge.encode([task]));
    expect(row).toMatchObject({ id: "'=cmd|1", instruction: "''=x", reason: "'tis" });
    const back = (response: string) =>
      decode('csv', stringify([{ ...row, response }], { header: true })).annotations[0];
    expect(back("'=SUM(A1)")).toMatchObject({ itemId: '=cmd|1', response: '=SUM(A1)' });
    expect(back('- a list')).toMatchObject({ response: '- a list' });
    expect(back("'quoted'")).toMatchObject({ response: "'quoted'" });
    expect(back("''=x")).toMatchObject({ response: "'=x" });
  });

  it('comes back exactly when the draft is copied into the response', () => {
    fc.assert(
      fc.property(hostileTasks, (tasks) => {
        const rows = rowsOut(csvBridge.encode(tasks)).map((row) => ({ ...row, response: row.draft }));
        const { annotations } = decode('csv', stringify(rows, { header: true, quoted: true }));
        const drafted = tasks.filter(({ draft }) => draft !== undefined);
        expect(annotations.map(({ itemId, response }) => [itemId, response])).toEqual(
          drafted.map(({ id, draft }) => [id, draft!.response.toWellFormed()]),
        );
      }),
    );
  });

  it('keeps what people write, unless it starts with an apostrophe and a formula', () => {
    const response = hostileText.map((text) => `a${text.toWellFormed()}`);
    fc.assert(
      fc.property(response, (text) => {
        const [row] = rowsOut();
        const { annotations } = decode('csv', stringify([{ ...row, response: text }], { header: true, quoted: true }));
        expect(annotations.map((annotation) => annotation.response)).toEqual([text]);
      }),
    );
  });
});
