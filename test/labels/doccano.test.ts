import { describe, expect, it } from 'vitest';
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
  it('gives every label as an annotation', () => {
    expect(read(exported(plain, ['Rhine']), exported(drafted, ['In short.']), exported(third, ['a', 'b']))).toEqual({
      annotations: [accepted('it_1', 'Rhine'), accepted('it_2', 'In short.'), accepted('3', 'a'), accepted('3', 'b')],
      untouched: [],
      foreign: [],
    });
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

  it('reports what cannot be read', () => {
    const { annotations, foreign } = read(
      { id: 1, text: 'x', label: ['a'] },
      exported(plain, [[0, 4, 'PERSON']]),
      exported(plain, 'Rhine'),
    );
    expect(annotations).toEqual([]);
    expect(foreign).toEqual([
      { place: 'line 1', cause: expect.stringContaining('its winnow_id is missing or no id') },
      { place: 'line 2', cause: 'its label.0 is no text' },
      { place: 'line 3', cause: 'its label is no list of texts' },
    ]);
  });
});
