import { describe, expect, it } from 'vitest';
import { argillaBridge } from '../../src/labels/argilla.ts';
import { agentName, argillaRecord } from '../../src/labels/argilla-record.ts';
import { DRAFTED_TASK, TASKS } from '../../src/testing/label-tasks.ts';
import { decode, handedOut, type Json, UNSAID } from './label-tasks.ts';

const read = (value: unknown) => decode('argilla', JSON.stringify(value));
const USER = '5d1c3ff0-0000-4000-8000-000000000001';

describe('records for Argilla', () => {
  it('carry fields, key and the draft as a suggestion', () => {
    expect(argillaRecord(DRAFTED_TASK)).toEqual({
      id: 'it_2',
      fields: {
        instruction: 'Sum up the text.',
        input: 'A long text.',
        note: 'Round 2, rank 7: the model fails at it\nDraft by seed-1, scored 0.25 of 1: it sums up nothing',
      },
      metadata: {
        winnow_id: 'it_2',
        round: 2,
        rank: 7,
        reason: 'the model fails at it',
        draft_model: 'seed-1',
        draft_score: 0.25,
        judge_reason: 'it sums up nothing',
      },
      suggestions: { response: { value: 'No.', score: 0.25, agent: 'seed-1' } },
      responses: {},
      vectors: {},
    });
  });

  it('have the fields and the question that the setup creates', () => {
    const fields = [...argillaBridge.setup.matchAll(/TextField\("(\w+)"/g)].map(([, name]) => name);
    const questions = [...argillaBridge.setup.matchAll(/TextQuestion\("(\w+)"/g)].map(([, name]) => name);
    const { fields: given, suggestions } = argillaRecord(DRAFTED_TASK);
    expect(fields).toEqual(Object.keys(given));
    expect(questions).toEqual(Object.keys(suggestions));
  });
});

describe('what the API of Argilla gives', () => {
  /** The records handed out as the server gives them back, each with responses. */
  const page = (...responses: readonly (Json[] | undefined)[]) => ({
    items: handedOut('argilla').map(({ id, fields, metadata }, index) => ({
      id: `9b0f0000-0000-4000-8000-00000000000${index}`,
      status: 'pending',
      external_id: id,
      fields,
      metadata,
      suggestions: [{ question_id: 'q', value: 'No.' }],
      responses: responses[index] ?? [],
    })),
    total: 3,
  });
  const response = (fields: Json): Json => ({
    id: 'r1',
    user_id: USER,
    status: 'submitted',
    values: { response: { value: 'Rhine' } },
    inserted_at: '2025-03-01T10:00:00.123456',
    updated_at: '2025-03-01T11:00:00.5',
    ...fields,
  });

  it('reads only submitted responses as labels, and keeps those of several people', () => {
    const labels = read(
      page(
        [response({}), response({ id: 'r2', user_id: 'u2', values: { response: { value: 'Po' } } })],
        [response({ status: 'discarded', values: null }), response({ status: 'draft' })],
        [response({ status: 'draft', values: {} })],
      ),
    );
    const submittedAtMs = Date.UTC(2025, 2, 1, 11, 0, 0, 500);
    const known = { seconds: null, submittedAtMs, annotator: USER, sourceId: 'r1' };
    expect(labels).toEqual({
      annotations: [
        { ...known, itemId: 'it_1', verdict: 'accepted', response: 'Rhine' },
        { ...known, itemId: 'it_1', verdict: 'accepted', response: 'Po', annotator: 'u2', sourceId: 'r2' },
        { ...known, itemId: 'it_2', verdict: 'skipped', response: null },
        { ...known, itemId: 'it_2', verdict: 'draft', response: 'Rhine' },
      ],
      untouched: ['3'],
      foreign: [],
    });
  });

  it('finds an item by our metadata if its id on the server differs', () => {
    const [first] = handedOut('argilla');
    expect(read([{ ...first, id: 'u', external_id: 'row-1', responses: [response({})] }]).annotations).toMatchObject([
      { itemId: 'it_1' },
    ]);
  });

  it('does not read a suggestion as a response', () => {
    expect(read(page())).toEqual({ annotations: [], untouched: ['it_1', 'it_2', '3'], foreign: [] });
  });

  it('reports what cannot be read, and reads the rest', () => {
    const given = page(
      [response({ status: 'lost' }), response({}), response({ values: { response: { value: '' } } })],
      [response({ values: { response: { value: 4 } } }), response({ updated_at: 'soon' })],
    );
    const foreignRecord = { id: 'f', external_id: null, fields: {}, metadata: {}, responses: [response({})] };
    const { annotations, foreign, warnings } = read([...given.items, foreignRecord, null]);
    expect(annotations.map(({ itemId, response: text }) => [itemId, text])).toEqual([
      ['it_1', 'Rhine'],
      ['it_2', 'Rhine'],
    ]);
    expect(foreign).toEqual([
      { place: 'record 1', cause: 'the status of a response is "lost"; known are submitted, discarded and draft' },
      { place: 'record 1', cause: 'a response was submitted without a text for the question "response"' },
      { place: 'record 2', cause: 'in responses.0: its response is not text' },
      { place: 'record 4', cause: expect.stringContaining('its external_id is missing or not an id') },
      { place: 'record 5', cause: 'it is null, not an object' },
    ]);
    expect(warnings).toEqual([
      { place: 'record 2', cause: expect.stringContaining('its updated_at is "soon", not a time') },
    ]);
  });
});

describe('what the SDK of Argilla writes', () => {
  it('flattened: the status decides', () => {
    const [first, second, third] = handedOut('argilla').map(({ id, fields, metadata }) => ({
      id,
      _server_id: 'f0',
      ...(fields as Json),
      ...(metadata as Json),
      'response.responses': null,
      'response.responses.users': null,
      'response.responses.status': null,
    }));
    const labels = read([
      {
        ...first,
        'response.responses': ['Rhine', 'Po', 'Nile'],
        'response.responses.users': ['u1', 'u2', 'u3'],
        'response.responses.status': ['submitted', 'discarded', 'draft'],
      },
      second,
      { ...third, 'response.responses': ['x', 5] },
    ]);
    expect(labels.annotations).toEqual([
      { ...UNSAID, itemId: 'it_1', verdict: 'accepted', response: 'Rhine', annotator: 'u1' },
      { ...UNSAID, itemId: 'it_1', verdict: 'skipped', response: null, annotator: 'u2' },
      { ...UNSAID, itemId: 'it_1', verdict: 'draft', response: 'Nile', annotator: 'u3' },
      { ...UNSAID, itemId: '3', verdict: 'accepted', response: 'x' },
    ]);
    expect(labels.untouched).toEqual(['it_2']);
    expect(labels.foreign).toEqual([{ place: 'record 3', cause: 'its response.responses.1 is not text' }]);
  });

  it('to_json: every response counts as submitted, because it has no status', () => {
    const [first, second, third] = handedOut('argilla');
    const labels = read([
      { ...first, _server_id: 'f0', responses: { response: [{ value: 'Rhine', user_id: USER }] } },
      { ...second, _server_id: 'f1' },
      { ...third, metadata: {}, responses: { response: [{ value: 'x' }, { value: ' ' }] } },
    ]);
    expect(labels).toEqual({
      annotations: [
        { ...UNSAID, itemId: 'it_1', verdict: 'accepted', response: 'Rhine', annotator: USER },
        { ...UNSAID, itemId: '3', verdict: 'accepted', response: 'x' },
      ],
      untouched: ['it_2'],
      foreign: [],
    });
  });

  it('reports what cannot be read', () => {
    const { foreign, annotations } = read([
      { fields: {}, responses: {}, suggestions: {} },
      { id: 'a', fields: {}, responses: { response: 'x' } },
      { id: 'b', fields: {}, responses: { response: [[], { value: {} }] } },
      { id: 'c', metadata: { winnow_id: {} }, responses: {} },
    ]);
    expect(annotations).toEqual([]);
    expect(foreign.map(({ place, cause }) => `${place}: ${cause}`)).toEqual([
      expect.stringContaining('record 1: its id is missing or not an id'),
      'record 2: its responses.response is not a list',
      'record 3: in responses.response.0: it is a list, not an object',
      'record 3: in responses.response.1: its value is not text',
      expect.stringContaining('record 4: its metadata.winnow_id is missing or not an id'),
    ]);
  });
});

describe('the name of a model', () => {
  it.each([
    ['org/Model-7B:latest v1.0', 'org/Model-7B:latest v1.0'],
    ['ft:gpt-4o-mini@2024 (winnow)', 'ft:gpt-4o-mini-2024 -winnow-'],
    ['модель', 'seed-model'],
    ['modèle+1', 'mod-le-1'],
    ['', 'seed-model'],
    ['x'.repeat(300), 'x'.repeat(200)],
  ])('%j is sent as %j, which Argilla takes', (model, agent) => {
    expect(agentName(model)).toBe(agent);
    expect(agent).toMatch(/^(?=.*[a-zA-Z0-9])[a-zA-Z0-9\-_:./\s]{1,200}$/);
  });

  it('is mapped in suggestions', () => {
    const draft = { response: 'No.', model: 'a@b', score: 0.5, judgeReason: 'r' };
    expect(argillaRecord({ ...TASKS[0]!, draft }).suggestions.response?.agent).toBe('a-b');
  });
});

describe('answers without what says whose they are', () => {
  it('are refused where there are several, and where the file left the responses out', () => {
    const [first, second] = handedOut('argilla') as [Json, Json];
    const { annotations, foreign } = read([
      { ...first, responses: { response: [{ value: 'Rhine' }, { value: 'Po' }] } },
      { ...second, responses: {}, status: 'completed' },
      { ...first, responses: { answer: [{ value: 'Rhine', user_id: 'u' }] } },
      { ...first, responses: {}, status: 'pending' },
    ]);
    expect(annotations).toEqual([]);
    expect(foreign.map(({ cause }) => cause)).toEqual([
      'it has 2 responses, and the export does not say whose they are, so which one counts is unclear',
      'it is completed, but the file has no responses; export it with with_responses=True',
      expect.stringContaining('but one to "answer"'),
    ]);
  });
});
