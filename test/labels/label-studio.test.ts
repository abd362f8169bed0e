import { describe, expect, it } from 'vitest';
import { labelStudioBridge } from '../../src/labels/label-studio.ts';
import { LABEL_STUDIO_CONFIG } from '../../src/labels/label-studio-task.ts';
import { readLabelFile } from '../../src/labels/read-label-file.ts';
import { BRIDGES, detectBridge } from '../../src/labels/registry.ts';
import { DRAFTED_TASK, TASKS } from '../../src/testing/label-tasks.ts';
import { decode, handedOut, type Json, UNSAID } from './label-tasks.ts';

/** A region as the annotation page saves it. */
const region = (from_name: string, type: string, value: Json): Json => ({
  id: 'x1',
  from_name,
  to_name: 'prompt',
  type,
  origin: 'manual',
  value,
});
const written = (...text: string[]) => region('response', 'textarea', { text });
const chosen = (choice: string) => region('verdict', 'choices', { choices: [choice] });

const annotation = (fields: Json): Json => ({
  id: 9,
  completed_by: 1,
  was_cancelled: false,
  ground_truth: false,
  lead_time: 42.1,
  created_at: '2025-03-09T22:16:08.728353Z',
  updated_at: '2025-03-09T22:20:00.000000Z',
  result: [],
  ...fields,
});

/** The export of what was handed out, each task with what was done to it. */
const exported = (...done: readonly Json[]) =>
  JSON.stringify(
    handedOut('label-studio').map((task, index) => ({
      id: 70 + index,
      annotations: [],
      drafts: [],
      meta: {},
      ...task,
      project: 4,
      ...done[index],
    })),
  );
const read = (content: string) => decode('label-studio', content, 'project-4.json');

describe('tasks for Label Studio', () => {
  it('carry prompt, note, key and the draft as a prediction', () => {
    const [, drafted] = handedOut('label-studio');
    expect(drafted).toEqual({
      data: {
        winnow_id: 'it_2',
        prompt: 'Sum up the text.\n\nA long text.',
        note: 'Round 2, rank 7: the model fails at it\nDraft by seed-1, scored 0.25 of 1: it sums up nothing',
        round: 2,
        rank: 7,
        reason: 'the model fails at it',
        draft_model: 'seed-1',
        draft_score: 0.25,
        judge_reason: 'it sums up nothing',
      },
      predictions: [
        {
          model_version: 'seed-1',
          score: 0.25,
          result: [
            { id: 'draft', from_name: 'response', to_name: 'prompt', type: 'textarea', value: { text: ['No.'] } },
          ],
        },
      ],
    });
  });

  it('have every value that the labeling interface shows, and the controls that results are read from', () => {
    const shown = [...LABEL_STUDIO_CONFIG.matchAll(/value="\$(\w+)"/g)].map(([, name]) => name!);
    expect(shown).toEqual(['prompt', 'note']);
    for (const { data } of handedOut('label-studio')) {
      for (const name of shown) expect((data as Json)[name]).toMatch(/\S/);
    }
    expect(LABEL_STUDIO_CONFIG).toMatch(/<TextArea name="response" toName="prompt"/);
    expect(LABEL_STUDIO_CONFIG).toMatch(/<Choices name="verdict" toName="prompt"/);
    expect(labelStudioBridge.setup).toContain(LABEL_STUDIO_CONFIG);
  });

  it('have no NUL in shown texts, because the database of the tool rejects it', () => {
    const content = labelStudioBridge.encode([
      { ...DRAFTED_TASK, instruction: 'a\0b', reason: '\0', draft: { ...DRAFTED_TASK.draft!, response: '\0' } },
    ]);
    expect(content).not.toContain('\\u0000');
    expect(content).toContain('a\ufffdb');
  });
});

describe('an export of Label Studio', () => {
  it('returns what was submitted, skipped and rejected, with annotator, date and time spent', () => {
    const labels = read(
      exported(
        { annotations: [annotation({ result: [written('Rhine, Po, Nile'), chosen('ok')] })] },
        { annotations: [annotation({ was_cancelled: true, completed_by: { id: 3, email: 'a@b.c' } })] },
        { annotations: [annotation({ id: '11', result: [written('x'), chosen('reject')], lead_time: null })] },
      ),
    );
    const submittedAtMs = Date.UTC(2025, 2, 9, 22, 20);
    expect(labels).toEqual({
      annotations: [
        {
          itemId: 'it_1',
          verdict: 'accepted',
          response: 'Rhine, Po, Nile',
          annotator: '1',
          seconds: 42.1,
          submittedAtMs,
          sourceId: '9',
        },
        {
          itemId: 'it_2',
          verdict: 'skipped',
          response: null,
          annotator: 'a@b.c',
          seconds: 42.1,
          submittedAtMs,
          sourceId: '9',
        },
        {
          itemId: '3',
          verdict: 'rejected',
          response: null,
          annotator: '1',
          seconds: null,
          submittedAtMs,
          sourceId: '11',
        },
      ],
      untouched: [],
      foreign: [],
    });
  });

  it('counts a prediction as a label only if it was submitted, even unchanged', () => {
    const submitted = annotation({ result: [{ ...written('No.'), origin: 'prediction' }], parent_prediction: 5 });
    const [, drafted] = handedOut('label-studio');
    expect(read(exported())).toEqual({ annotations: [], untouched: ['it_1', 'it_2', '3'], foreign: [] });
    expect(read(JSON.stringify([{ id: 1, ...drafted, annotations: [submitted] }])).annotations).toMatchObject([
      { itemId: 'it_2', verdict: 'accepted', response: 'No.' },
    ]);
  });

  it('keeps all annotations of a task, and its drafts as drafts', () => {
    const { annotations } = read(
      exported({
        annotations: [
          annotation({ id: 1, result: [written('one')] }),
          annotation({ id: 2, completed_by: 2, result: [written('two')] }),
        ],
        drafts: [
          { id: 1, user: 3, result: [written('thr')], updated_at: '2025-01-01T00:00:00Z' },
          { id: 2, user: 4, result: [] },
          { id: 3, user: 5, result: [chosen('reject')] },
        ],
      }),
    );
    expect(
      annotations.map(({ verdict, response, annotator, sourceId }) => [verdict, response, annotator, sourceId]),
    ).toEqual([
      ['accepted', 'one', '1', '1'],
      ['accepted', 'two', '2', '2'],
      ['draft', 'thr', '3', 'draft-1'],
    ]);
  });

  it('may list only the numbers of drafts and predictions', () => {
    expect(read(exported({ drafts: [4], predictions: [5] }))).toEqual(read(exported()));
  });

  it('counts an annotation without text as no answer yet', () => {
    const empty = [
      annotation({ result: [] }),
      annotation({ result: [written(' \n')] }),
      annotation({ result: [chosen('ok')] }),
    ];
    expect(read(exported({ annotations: empty })).untouched).toEqual(['it_1', 'it_2', '3']);
  });

  it('takes the notes of regions as the comment, never as the answer', () => {
    const noted = (region: Json) => ({ ...region, meta: { text: ['Which river is meant?'] } });
    const { annotations, untouched, foreign } = read(
      exported(
        { annotations: [annotation({ result: [noted(written('Rhine'))] })] },
        { annotations: [annotation({ result: [noted(chosen('ok'))] })] },
        { annotations: [annotation({ result: [noted(chosen('reject'))] })] },
      ),
    );
    expect(annotations).toMatchObject([
      { response: 'Rhine', comment: 'Which river is meant?' },
      { verdict: 'rejected', comment: 'Which river is meant?' },
    ]);
    expect(untouched).toEqual([]);
    expect(foreign).toEqual([
      {
        place: 'record 2',
        cause: 'in annotations.0: it has no answer, but a region has the note "Which river is meant?"',
      },
    ]);
  });

  it('reports what cannot be read, and reads the rest', () => {
    const { annotations, foreign, untouched, warnings } = read(
      exported(
        {
          annotations: [
            annotation({ result: [written('a', 'b')] }),
            annotation({ result: [written('good')] }),
            annotation({ result: [written('a'), chosen('ok'), chosen('reject')] }),
          ],
        },
        {
          annotations: [
            annotation({ result: [written('a'), chosen('maybe')] }),
            annotation({ lead_time: -1, result: [written('Rhine')] }),
          ],
        },
        {
          drafts: [{ result: [written('a', 'b')] }],
          annotations: [
            annotation({ updated_at: null, created_at: 'yesterday', result: [written('Rhine')] }),
            7,
            annotation({ result: [region('response', 't', {})] }),
          ],
        },
      ),
    );
    expect(annotations.map(({ response }) => response)).toEqual(['good', 'Rhine', 'Rhine']);
    expect(untouched).toEqual([]);
    expect(foreign).toEqual([
      { place: 'record 1', cause: expect.stringContaining('in annotations.0: it holds 2 responses') },
      { place: 'record 1', cause: 'in annotations.2: its verdict is both ok and reject' },
      { place: 'record 2', cause: 'in annotations.0: its verdict is "maybe"; allowed are ok and reject' },
      { place: 'record 3', cause: 'in annotations.1: it is 7, not an object' },
      { place: 'record 3', cause: 'in annotations.2: its response is {}, not {"text": ["…"]}' },
      { place: 'record 3', cause: expect.stringContaining('in drafts.0: it holds 2 responses') },
    ]);
    expect(warnings).toEqual([
      { place: 'record 2', cause: expect.stringContaining('in annotations.1: its lead_time is -1, not a number') },
      { place: 'record 3', cause: expect.stringContaining('its created_at is "yesterday", not a time') },
    ]);
  });

  it.each([
    [
      'of another project',
      { id: 1, data: { text: 'x' }, annotations: [] },
      'its data.winnow_id is missing or not an id',
    ],
    ['with a number that lost digits', { data: { winnow_id: 2 ** 60 }, annotations: [] }, 'is missing or not an id'],
    ['that is no object', 'x', 'it is "x", not an object'],
  ])('reports a task %s', (_, task, cause) => {
    const { foreign, annotations } = read(JSON.stringify([...(JSON.parse(exported()) as Json[]), task]));
    expect(annotations).toEqual([]);
    expect(foreign).toEqual([{ place: 'record 4', cause: expect.stringContaining(cause) }]);
  });
});

describe('a JSON-MIN export of Label Studio', () => {
  const collapsed = (fields: Json, task = 0): Json => ({
    ...(handedOut('label-studio')[task]!.data as Json),
    id: 70,
    annotator: 1,
    annotation_id: 9,
    created_at: '2025-03-09T22:16:08Z',
    updated_at: '2025-03-09T22:20:00Z',
    lead_time: 42.1,
    ...fields,
  });

  it('gives the same as the full one', () => {
    const full = read(exported({ annotations: [annotation({ result: [written('Rhine'), chosen('ok')] })] }));
    const { annotations } = read(JSON.stringify([collapsed({ response: 'Rhine', verdict: 'ok' })]));
    expect(annotations).toEqual(full.annotations);
  });

  it('collapses only a single text', () => {
    const { annotations, foreign, untouched } = read(
      JSON.stringify([
        collapsed({ response: { text: ['one'] }, annotator: 'a@b.c' }),
        collapsed({ response: ['one', 'two'] }),
        collapsed({ verdict: 'reject' }, 1),
        collapsed({ annotation_id: null, lead_time: null, annotator: null }, 2),
      ]),
    );
    expect(annotations).toMatchObject([
      { itemId: 'it_1', response: 'one', annotator: 'a@b.c' },
      { itemId: 'it_2', verdict: 'rejected', response: null },
    ]);
    expect(foreign).toEqual([{ place: 'record 2', cause: expect.stringContaining('holds 2 responses') }]);
    expect(untouched).toEqual(['3']);
  });

  it('may be a table', () => {
    const header = 'annotation_id,annotator,created_at,id,lead_time,prompt,response,updated_at,verdict,winnow_id';
    const content = `${header}\n9,1,2025-03-09T22:16:08Z,70,42.1,x,Rhine,2025-03-09T22:20:00Z,,it_1\n,,,71,,x,,,,3\n`;
    const { annotations, untouched, foreign } = decode('label-studio', content, 'export.csv');
    expect(annotations).toEqual([
      {
        ...UNSAID,
        itemId: 'it_1',
        verdict: 'accepted',
        response: 'Rhine',
        annotator: '1',
        seconds: 42.1,
        submittedAtMs: Date.UTC(2025, 2, 9, 22, 20),
        sourceId: '9',
      },
    ]);
    expect(untouched).toEqual(['3']);
    expect(foreign).toEqual([]);
  });
});

describe('a control, a column or a shape of another kind', () => {
  const answered = (name: string, ...text: string[]) => ({
    annotations: [annotation({ result: [region(name, 'textarea', { text })] })],
  });

  it('is the answer where it alone holds texts, which is said', () => {
    const { annotations, notes } = read(exported(answered('reply', 'Rhine'), answered('reply', 'In short.')));
    expect(annotations.map(({ response }) => response)).toEqual(['Rhine', 'In short.']);
    expect(notes).toEqual(['The answers are read from the control "reply"; there is no "response".']);
  });

  it('is named where there are several, or where it holds remarks', () => {
    const several = read(exported(answered('response', 'Rhine'), answered('reply', 'In short.'), answered('stars')));
    expect(several.annotations.map(({ response }) => response)).toEqual(['Rhine']);
    expect(several.untouched).toEqual([]);
    expect(several.foreign.map(({ cause }) => cause)).toEqual([
      'in annotations.0: it has no response, but its control "reply" holds "In short."; if that is the answer, name "reply" as the answer field',
      expect.stringContaining('its control "stars" holds'),
    ]);
    const remarks = read(exported(answered('comment', 'Odd.')));
    expect(remarks.annotations).toEqual([]);
    expect(remarks.foreign).toEqual([
      { place: 'record 1', cause: expect.stringContaining('its control "comment" holds "Odd."') },
    ]);
  });

  it('is read where the user names it', () => {
    const file = readLabelFile(exported(answered('response', 'Draft.'), answered('comment', 'Rhine')), 'a.json');
    const { annotations } = BRIDGES.find('label-studio').decode(file, { answerField: 'comment' });
    expect(annotations.map(({ itemId, response }) => [itemId, response])).toEqual([['it_2', 'Rhine']]);
  });

  it('may be the completions of old versions', () => {
    const { annotations: done, ...others } = answered('response', 'Rhine');
    const old = JSON.parse(exported({ ...others, annotations: undefined, completions: done })) as Json[];
    const [completion] = old[0]!.completions as Json[];
    old[0]!.completions = [{ ...completion, created_at: 1_603_982_400, updated_at: undefined }];
    expect(read(JSON.stringify(old.slice(0, 1))).annotations).toMatchObject([
      { itemId: 'it_1', response: 'Rhine', submittedAtMs: 1_603_982_400_000 },
    ]);
  });

  it('may be one annotation with its task inside, or one without, which is refused', () => {
    const [task] = JSON.parse(exported()) as [Json];
    const stored = annotation({ result: [written('Rhine')], task });
    const webhook = { action: 'ANNOTATION_CREATED', annotation: annotation({ result: [written('Rhine')] }), task };
    for (const one of [stored, webhook]) {
      expect(detectBridge(readLabelFile(JSON.stringify(one), '11')).name).toBe('label-studio');
      expect(read(JSON.stringify(one)).annotations).toMatchObject([
        { itemId: 'it_1', response: 'Rhine', sourceId: '9' },
      ]);
    }
    const bare = read(JSON.stringify([annotation({ result: [written('Rhine')], task: 3 })]));
    expect(bare.foreign).toEqual([{ place: 'record 1', cause: expect.stringContaining('without its task') }]);
  });

  it('may have a reviewer who rejected it', () => {
    const reviewed = (fields: Json) => ({ annotations: [annotation({ result: [written('Rhine')], ...fields })] });
    const { annotations, foreign } = read(
      exported(
        reviewed({ reviews: [{ accepted: true }, { accepted: false }] }),
        reviewed({ reviews: [{ accepted: false }, { accepted: true }], last_action: 'rejected' }),
        reviewed({ last_action: 'rejected' }),
      ),
    );
    expect(annotations.map(({ itemId }) => itemId)).toEqual(['it_2']);
    expect(foreign.map(({ cause }) => cause)).toEqual(Array(2).fill('in annotations.0: a reviewer rejected it'));
  });

  it('may be JSON in a cell of a table', () => {
    const header = 'annotation_id,annotator,id,lead_time,prompt,response,verdict,winnow_id';
    const row = (id: string, response: string, verdict = '') =>
      [9, 1, 70, 4, 'x', response, verdict, id].map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(',');
    const content = [
      header,
      row('it_1', '{"text":["Rhine"]}', '{"choices":["ok"]}'),
      row('it_2', '["one","two"]'),
      row('3', '{"river":"Rhine"}'),
    ].join('\n');
    const { annotations, foreign } = decode('label-studio', content, 'export.csv');
    expect(annotations).toMatchObject([{ itemId: 'it_1', response: 'Rhine', verdict: 'accepted' }]);
    expect(foreign).toEqual([
      { place: 'row 3', cause: expect.stringContaining('it holds 2 responses') },
      { place: 'row 4', cause: expect.stringContaining('list or object written as text') },
    ]);
  });

  it('may be a column of another name, which is said', () => {
    const { foreign } = decode('label-studio', 'annotation_id,lead_time,reply,winnow_id\n9,4,Rhine,it_1\n', 'a.csv');
    expect(foreign).toEqual([{ place: 'row 2', cause: expect.stringContaining('its column "reply" holds "Rhine"') }]);
  });
});

it('shows the tasks in their order', () => {
  expect(handedOut('label-studio').map(({ data }) => (data as Json).winnow_id)).toEqual(TASKS.map(({ id }) => id));
});
