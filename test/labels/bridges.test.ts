import { describe, expect, it } from 'vitest';
import { jsonlBridge } from '../../src/labels/jsonl.ts';
import type { LabelBridge } from '../../src/labels/label-bridge.ts';
import { readLabelFile } from '../../src/labels/read-label-file.ts';
import { BRIDGES, detectBridge } from '../../src/labels/registry.ts';
import { labelBridgeContract } from '../../src/testing/label-bridge-contract.ts';
import { handedOut, type Json, jsonLines } from './label-tasks.ts';

for (const bridge of BRIDGES) labelBridgeContract(bridge, BRIDGES);

it.each([...BRIDGES].map(({ name, setup }) => [name, setup] as const))(
  '%s says step by step how to set it up',
  (_, setup) => {
    expect(setup.split('\n').length).toBeGreaterThan(3);
  },
);

const failure = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

const [labelStudio, argilla, prodigy, doccano] = (['label-studio', 'argilla', 'prodigy', 'doccano'] as const).map(
  (name) => handedOut(name)[0]!,
) as [Json, Json, Json, Json];

/** Files as the tools write them, ours and of other projects. */
const EXPORTS: readonly (readonly [string, string, string, string])[] = [
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

describe('detecting the tool of a file', () => {
  it.each(EXPORTS)('%s of %s', (_, expected, name, content) => {
    const file = readLabelFile(content, name);
    expect([...BRIDGES].filter((bridge) => bridge.detect(file)).map((bridge) => bridge.name)).toEqual([expected]);
    expect(detectBridge(file).name).toBe(expected);
  });

  it('asks for the tool when the file looks like none of them', () => {
    const file = readLabelFile('[{"question":"x"},{"question":"y"}]', 'a.json');
    expect(failure(() => detectBridge(file))).toMatchObject({
      code: 'LABELS_FAILED',
      message: 'The label file (2 records) does not look like the export of any known tool.',
      hint: 'Say which tool wrote it with from: label-studio, argilla, prodigy, doccano, jsonl, csv.',
    });
  });

  it('asks for the tool when the file looks like several', () => {
    const file = readLabelFile(jsonLines([doccano, prodigy]), 'a.jsonl');
    expect(failure(() => detectBridge(file))).toMatchObject({
      message: 'The label file (2 records) could be from prodigy or doccano.',
      hint: 'Say which tool wrote it with from: prodigy, doccano.',
    });
  });

  it('fails for a file without records', () => {
    expect(failure(() => detectBridge(readLabelFile('[]', 'a.json')))).toMatchObject({
      message: 'The label file has no records.',
    });
  });

  it('refuses other names', () => {
    expect(failure(() => BRIDGES.find('toString'))).toMatchObject({
      code: 'USAGE',
      message: 'There is no annotation tool "toString".',
      hint: 'Use one of: label-studio, argilla, prodigy, doccano, jsonl, csv.',
    });
  });

  it('detects a bridge of another author', () => {
    const other: LabelBridge = { ...jsonlBridge, name: 'other', detect: ({ records }) => records.length === 1 };
    const file = readLabelFile('[{"question":"x"}]', 'a.json');
    expect(detectBridge(file, BRIDGES.with(other))).toBe(other);
  });
});
