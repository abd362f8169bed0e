import { describe, expect, it } from 'vitest';
import { decode, handedOut, type Json, jsonLines, UNSAID } from './label-tasks.ts';

/** A task as `db-out` writes it once it was answered. */
const answered = (task: Json, answer: string, fields: Json = {}): Json => ({
  ...task,
  _input_hash: 1,
  _task_hash: 2,
  _view_id: 'blocks',
  answer,
  _timestamp: 1_741_600_000.5,
  _annotator_id: 'rivers-ann',
  _session_id: 'rivers-ann',
  ...fields,
});
const KNOWN = { ...UNSAID, annotator: 'rivers-ann', submittedAtMs: 1_741_600_000_500 };
const [plain, drafted, third] = handedOut('prodigy') as [Json, Json, Json];
const read = (...records: readonly unknown[]) => decode('prodigy', jsonLines(records));

describe('tasks for Prodigy', () => {
  it('carry text, key and note, and the draft in the field that the page fills in', () => {
    expect(drafted).toEqual({
      text: 'Sum up the text.\n\nA long text.',
      user_input: 'No.',
      meta: {
        winnow_id: 'it_2',
        note: 'Round 2, rank 7: the model fails at it\nDraft by seed-1, scored 0.25 of 1: it sums up nothing',
        round: 2,
        rank: 7,
        reason: 'the model fails at it',
        draft_model: 'seed-1',
        draft_score: 0.25,
        judge_reason: 'it sums up nothing',
      },
    });
    expect(plain).not.toHaveProperty('user_input');
  });
});

describe('what Prodigy writes', () => {
  it('gives what was accepted, rejected and ignored', () => {
    expect(
      read(
        answered(plain, 'accept', { user_input: 'Rhine' }),
        answered(drafted, 'reject'),
        answered(third, 'ignore', { _annotator_id: undefined, _timestamp: undefined }),
      ),
    ).toEqual({
      annotations: [
        { ...KNOWN, itemId: 'it_1', verdict: 'accepted', response: 'Rhine' },
        { ...KNOWN, itemId: 'it_2', verdict: 'rejected', response: null },
        { ...KNOWN, itemId: '3', verdict: 'skipped', response: null, submittedAtMs: null },
      ],
      untouched: [],
      foreign: [],
    });
  });

  it('counts an accepted draft as a response even if unchanged, but not one without an answer', () => {
    const { annotations, untouched } = read(answered(drafted, 'accept'), drafted, plain);
    expect(annotations).toMatchObject([{ itemId: 'it_2', verdict: 'accepted', response: 'No.' }]);
    expect(untouched).toEqual(['it_2', 'it_1']);
  });

  it('keeps the answers of several people to one task', () => {
    const { annotations } = read(
      answered(plain, 'accept', { user_input: 'Rhine' }),
      answered(plain, 'accept', { user_input: 'Po', _annotator_id: 'bob' }),
    );
    expect(annotations.map(({ response, annotator }) => [response, annotator])).toEqual([
      ['Rhine', 'rivers-ann'],
      ['Po', 'bob'],
    ]);
  });

  it('finds the response in the only text field of another recipe', () => {
    const { annotations } = read(answered(plain, 'accept', { my_answer: 'Rhine', html: '<b>', label: 'X' }));
    expect(annotations).toMatchObject([{ itemId: 'it_1', response: 'Rhine' }]);
  });

  it('does not guess between several fields, and never reads the draft that such a recipe left', () => {
    const { annotations, foreign } = read(
      answered(plain, 'accept', { a: 'Rhine', b: 'Po' }),
      answered(drafted, 'accept', { my_answer: 'Good.' }),
    );
    expect(annotations).toEqual([]);
    expect(foreign).toEqual([
      { place: 'line 1', cause: expect.stringContaining('could be the response (a, b)') },
      { place: 'line 2', cause: expect.stringContaining('could be the response (user_input, my_answer)') },
    ]);
  });

  it('reports what cannot be read', () => {
    const { annotations, foreign } = read(
      answered(plain, 'accept', { user_input: ' ' }),
      answered(plain, 'maybe'),
      { text: 'x', answer: 'accept', _task_hash: 1 },
      { text: 'x', meta: { source: 'y' }, answer: 'accept' },
    );
    expect(annotations).toEqual([]);
    expect(foreign.map(({ place, cause }) => `${place}: ${cause}`)).toEqual([
      'line 1: it was accepted, but its response ("user_input") is empty',
      'line 2: its answer is not accept, reject or ignore',
      expect.stringContaining('line 3: its meta '),
      expect.stringContaining('line 4: its meta.winnow_id is missing or not an id'),
    ]);
  });
});
