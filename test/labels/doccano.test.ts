import { describe, expect, it } from 'vitest';
import { readLabelFile } from '../../src/labels/read-label-file.ts';
import { BRIDGES } from '../../src/labels/registry.ts';
import { decode, handedOut, type Json, jsonLines, UNSAID } from './label-tasks.ts';

const [plain, drafted, third] = handedOut('doccano') as [Json, Json, Json];
/** An example as doccano exports it: its own number first, metadata beside the text. */
const exported = (example: Json, label: unknown = example.label): Json => ({ id: 88, ...example, label });
const read = (...records: readonly unknown[]) => decode('doccano', jsonLines(records));
const accepted = (itemId: string, response: string) => ({ ...UNSAID, itemId, verdict: 'accepted', response });

describe('examples for doccano', () => {
  it('have text and key, and the draft as an existing label', () => {
    expect(drafted).toEqual({
      text: 'Sum up the text.\n\nA long text.',
      label: ['No.'],
      winnow_id: 'it_2',
      round: 2,
      rank: 7,
      note: 'Round 2, rank 7: the model fails at it\nDraft by seed-1, scored 0.25 of 1: it sums up nothing',
      draft: 'No.',
    });
    expect(plain.label).toEqual([]);
  });

  it('all have the same fields, because doccano reads them as a table', () => {
    expect(Object.keys(plain)).toEqual(Object.keys(drafted));
  });
});

describe('an export of doccano', () => {
  it('gives a label as an annotation, and refuses several that may be anyone’s', () => {
    expect(read(exported(plain, ['Rhine']), exported(drafted, ['In short.']), exported(third, ['a', 'b']))).toEqual({
      annotations: [accepted('it_1', 'Rhine'), accepted('it_2', 'In short.')],
      untouched: [],
      foreign: [
        { place: expect.any(String), cause: expect.stringContaining('it has 2 labels, and the export does not') },
      ],
    });
  });

  it('up to version 1.3 says who wrote each label, and holds the other columns in meta', () => {
    const { text, label: _, ...meta } = plain;
    const old = (annotations: unknown[], about: unknown = meta) => ({ id: 1, text, annotations, meta: about });
    const { annotations, foreign } = read(
      old([
        { id: 5, label: 'Rhine', user: 1 },
        { id: 6, text: 'Po', user: 2 },
      ]),
      old([{ id: 7, label: 'Rhine', user: 1 }], JSON.stringify(meta)),
      old([
        { label: 'a', user: 1 },
        { label: 'b', user: 1 },
      ]),
      old([{ label: 4, user: 1 }]),
      old([], null),
    );
    expect(annotations).toEqual([
      { ...accepted('it_1', 'Rhine'), annotator: '1', sourceId: '5' },
      { ...accepted('it_1', 'Po'), annotator: '2', sourceId: '6' },
      { ...accepted('it_1', 'Rhine'), annotator: '1', sourceId: '7' },
    ]);
    expect(foreign.map(({ cause }) => cause)).toEqual([
      'it has 2 labels, all by "1", so which one counts is unclear; keep one',
      'its annotations.0 is {"label":4,"user":1}, which holds no text',
      expect.stringContaining('winnow_id is missing or not an id'),
    ]);
  });

  it('gives no label for items without one, or with the unchanged draft', () => {
    const trimmed = exported({ ...drafted, draft: 'No. ' });
    const { annotations, untouched } = read(exported(plain), exported(drafted), trimmed, exported(third, [' ']));
    expect(annotations).toEqual([]);
    expect(untouched).toEqual(['it_1', 'it_2', 'it_2', '3']);
  });

  it('returns a label that was added next to the draft', () => {
    expect(read(exported(drafted, ['In short.', 'No.'])).annotations).toEqual([accepted('it_2', 'In short.')]);
  });

  it('may call the text data and the label labels, or be one JSON array', () => {
    const { text, label, ...others } = plain;
    const older = [{ id: 1, data: text, labels: ['Rhine'], ...others }];
    expect(label).toEqual([]);
    expect(decode('doccano', JSON.stringify(older), 'all.json').annotations).toEqual([accepted('it_1', 'Rhine')]);
  });

  it('may be a CSV, in which "#" stands between several labels', () => {
    const row = (example: Json, label: string) =>
      [88, example.text, label, 'seen', example.winnow_id, example.draft].map((cell) => `"${cell}"`).join(',');
    const csv = (...rows: string[]) => `id,text,label,Comments,winnow_id,draft\n${rows.join('\n')}\n`;
    const table = csv(
      row(plain, 'Rhine'),
      row(drafted, 'In short.#No.'),
      row(drafted, 'No.'),
      row(third, ''),
      row(plain, 'Use C# here'),
    );
    expect(BRIDGES.find('doccano').detect(readLabelFile(table, 'all.csv'))).toBe(true);
    expect(decode('doccano', table, 'all.csv')).toEqual({
      annotations: [
        { ...accepted('it_1', 'Rhine'), comment: 'seen' },
        { ...accepted('it_2', 'In short.'), comment: 'seen' },
      ],
      untouched: ['it_2', '3'],
      foreign: [{ place: 'row 6', cause: expect.stringContaining('export as JSONL instead') }],
    });
  });

  it('has comments on an example', () => {
    const { annotations } = read({ ...exported(plain, ['Rhine']), Comments: ['not sure', 'ask Ana'] });
    expect(annotations).toEqual([{ ...accepted('it_1', 'Rhine'), comment: 'not sure\nask Ana' }]);
  });

  it('reports what cannot be read', () => {
    const { annotations, foreign } = read(
      { id: 1, text: 'x', label: ['a'] },
      exported(plain, [[0, 4, 'PERSON']]),
      exported(plain, 'Rhine'),
    );
    expect(annotations).toEqual([]);
    expect(foreign).toEqual([
      { place: 'line 1', cause: expect.stringContaining('its winnow_id is missing or not an id') },
      { place: 'line 2', cause: 'its label.0 is not text' },
      { place: 'line 3', cause: 'its label is not a list of texts' },
    ]);
  });
});

it('says in its setup to share annotations', () => {
  expect(BRIDGES.find('doccano').setup).toContain('Turn on "Share annotations across all users"');
});
