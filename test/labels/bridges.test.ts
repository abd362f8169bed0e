import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BRIDGES_BY_NAME, detectBridge, findBridge } from '../../src/labels/bridges.ts';
import { BRIDGES, type BridgeName } from '../../src/labels/label-bridge.ts';
import { readLabelFile } from '../../src/labels/read-label-file.ts';
import { handedOut, hostileTasks, type Json, jsonLines, TASKS } from './label-tasks.ts';

const failure = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

describe.each(BRIDGES)('the bridge to %s', (name) => {
  const bridge = BRIDGES_BY_NAME[name];
  const back = (content: string) => readLabelFile(content, `labels${bridge.extension}`);

  it('is found by its name and says how to set the tool up', () => {
    expect(findBridge(name)).toBe(bridge);
    expect(bridge.name).toBe(name);
    expect(bridge.setup.split('\n').length).toBeGreaterThan(3);
  });

  it('knows every item again that comes back untouched, whatever the pool holds', () => {
    fc.assert(
      fc.property(hostileTasks, (tasks) => {
        const content = bridge.encode(tasks);
        expect(content.isWellFormed()).toBe(true);
        expect(content.endsWith('\n')).toBe(true);
        expect(bridge.encode(structuredClone(tasks) as typeof tasks)).toBe(content);
        const file = back(content);
        expect(detectBridge(file)).toBe(bridge);
        expect(bridge.decode(file)).toEqual({ annotations: [], untouched: tasks.map(({ id }) => id), foreign: [] });
      }),
    );
  });

  it('carries texts of megabytes', () => {
    const instruction = 'long '.repeat(400_000);
    const content = bridge.encode([{ ...TASKS[1]!, instruction }]);
    expect(content).toContain(instruction);
    expect(bridge.decode(back(content)).untouched).toEqual(['it_2']);
  });

  it('never throws for what a file holds, and drops no record of it', () => {
    const keys = fc.constantFrom(
      ...['id', 'winnow_id', 'data', 'annotations', 'drafts', 'result', 'response', 'verdict', 'metadata', 'responses'],
      ...['values', 'meta', 'answer', 'user_input', 'text', 'label', 'draft', 'annotation_id', 'lead_time', 'status'],
      ...['response.responses', 'external_id', 'fields', 'completed_by', 'seconds', 'submitted_at', '__proto__'],
    );
    const { record } = fc.letrec<{ value: unknown; record: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('record'),
      ),
      record: fc.array(fc.tuple(keys, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
    }));
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), (records) => {
        const { annotations, untouched, foreign } = bridge.decode(readLabelFile(JSON.stringify(records), 'a.json'));
        expect(annotations.length + untouched.length + foreign.length).toBeGreaterThanOrEqual(records.length);
        for (const { verdict, response, seconds } of annotations) {
          expect(verdict === 'accepted' || verdict === 'draft').toBe(response !== null);
          expect(response).not.toBe('');
          expect(seconds ?? 0).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('passes on what the file could not tell', () => {
    const unreadable = [{ place: 'line 9', cause: 'it is not valid JSON' }];
    expect(bridge.decode({ format: 'jsonl', records: [], unreadable }).foreign).toEqual(unreadable);
  });
});

const [labelStudio, argilla, prodigy, doccano] = (['label-studio', 'argilla', 'prodigy', 'doccano'] as const).map(
  (name) => handedOut(name)[0]!,
) as [Json, Json, Json, Json];

/** Files as the tools write them, ours and of other projects. */
const EXPORTS: readonly (readonly [string, BridgeName, string, string])[] = [
  [
    'tasks',
    'label-studio',
    'a.json',
    JSON.stringify([{ id: 1, ...labelStudio, annotations: [], drafts: [], meta: {} }]),
  ],
  [
    'a task that is alone',
    'label-studio',
    'a.json',
    JSON.stringify({ id: 1, ...labelStudio, annotations: [{ id: 2 }] }),
  ],
  ['JSON-MIN', 'label-studio', 'a.json', '[{"id":1,"winnow_id":"a","response":"x","annotation_id":1,"lead_time":2}]'],
  ['JSON-MIN of others', 'label-studio', 'a.json', '[{"id":1,"response":"x","annotation_id":1,"lead_time":2}]'],
  ['its table', 'label-studio', 'a.csv', 'annotation_id,id,lead_time,response,winnow_id\n1,1,2,x,a\n'],
  ['tasks of others', 'label-studio', 'a.json', '[{"id":1,"data":{"text":"x"},"annotations":[]}]'],
  [
    'a page of its API',
    'argilla',
    'a.json',
    '{"items":[{"id":"u","external_id":"a","fields":{},"responses":[]}],"total":1}',
  ],
  ['to_json', 'argilla', 'a.json', JSON.stringify([{ ...argilla, _server_id: 'u' }])],
  ['flattened', 'argilla', 'a.json', '[{"id":"a","winnow_id":"a","_server_id":"u","instruction":"x"}]'],
  ['a recipe with its own field', 'argilla', 'a.json', '[{"id":"a","response":"x","_server_id":"u"}]'],
  ['answers', 'prodigy', 'a.jsonl', jsonLines([{ ...prodigy, answer: 'accept', _input_hash: 1, _task_hash: 2 }])],
  ['answers of others', 'prodigy', 'a.jsonl', '{"text":"x","label":"A","id":1,"response":"y","_task_hash":2}\n'],
  ['choices of others', 'prodigy', 'a.jsonl', '{"text":"x","label":["A"],"_task_hash":2}\n'],
  [
    'examples with a response as metadata',
    'doccano',
    'a.jsonl',
    '{"id":1,"text":"x","label":[],"winnow_id":"a","response":""}\n',
  ],
  ['examples', 'doccano', 'a.jsonl', jsonLines([{ id: 1, ...doccano, label: ['x'] }])],
  ['examples in one array', 'doccano', 'a.json', JSON.stringify([{ id: 1, ...doccano, label: ['x'] }])],
  ['examples of others', 'doccano', 'a.jsonl', '{"id":1,"data":"x","label":["A"]}\n'],
  ['one line', 'doccano', 'a.jsonl', '{"id":1,"text":"x","label":["A"],"winnow_id":"a"}'],
  ['plain records', 'jsonl', 'a.jsonl', '{"id":"a","response":"x"}\n'],
  ['plain records in one array', 'jsonl', 'a.json', '[{"id":"a","verdict":"skip"}]'],
  ['a plain table', 'csv', 'a.csv', 'id,response\na,x\n'],
  ['a plain table with tabs', 'csv', 'a.tsv', 'id\tresponse\na\tx\n'],
];

describe('finding out which tool wrote a file', () => {
  it.each(EXPORTS)('%s of %s', (_, expected, name, content) => {
    const file = readLabelFile(content, name);
    expect(BRIDGES.filter((bridge) => BRIDGES_BY_NAME[bridge].detect(file))).toEqual([expected]);
    expect(detectBridge(file).name).toBe(expected);
  });

  it('asks when the file looks like none of them', () => {
    const file = readLabelFile('[{"question":"x"},{"question":"y"}]', 'a.json');
    expect(failure(() => detectBridge(file))).toMatchObject({
      code: 'LABELS_FAILED',
      message: 'The file of labels (2 records) looks like the export of no tool that winnow knows.',
      hint: 'Say which tool wrote it with from: label-studio, argilla, prodigy, doccano, jsonl, csv.',
    });
  });

  it('asks when the file looks like several', () => {
    const file = readLabelFile(jsonLines([doccano, prodigy]), 'a.jsonl');
    expect(failure(() => detectBridge(file))).toMatchObject({
      message: 'The file of labels (2 records) could be from prodigy or doccano.',
      hint: 'Say which with from: prodigy or doccano.',
    });
  });

  it('says when there is nothing in the file', () => {
    expect(failure(() => detectBridge(readLabelFile('[]', 'a.json')))).toMatchObject({
      message: 'The file of labels holds no records.',
    });
  });

  it('knows no other tools', () => {
    expect(failure(() => findBridge('toString'))).toMatchObject({
      code: 'LABELS_FAILED',
      message: 'There is no annotation tool "toString".',
      hint: 'Use one of: label-studio, argilla, prodigy, doccano, jsonl, csv.',
    });
  });
});
