import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabeledExample } from '../../../src/domain/label.ts';
import { trainingFiles } from '../../../src/labels/training/training-files.ts';
import { openAiShortage, TRAINING_FORMATS, trainingFile } from '../../../src/labels/training/training-formats.ts';
import { readPool } from '../../../src/records/read-pool.ts';
import { writeRecords } from '../../../src/records/write-records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { hostileText } from '../label-tasks.ts';

const folder = temporaryFolder();
const PLAIN: LabeledExample = { id: 'a', instruction: 'Name a river.', response: 'Rhine' };
const WITH_INPUT: LabeledExample = { id: 'b', instruction: 'Sum up.', input: 'A text.', response: 'Text.' };
const EXAMPLES = [PLAIN, WITH_INPUT];
const JOINED = 'Sum up.\n\nA text.';

describe('a training file', () => {
  it.each([
    ['alpaca', { instruction: 'Sum up.', input: 'A text.', output: 'Text.' }],
    [
      'sharegpt',
      {
        conversations: [
          { from: 'human', value: JOINED },
          { from: 'gpt', value: 'Text.' },
        ],
      },
    ],
    [
      'openai',
      {
        messages: [
          { role: 'user', content: JOINED },
          { role: 'assistant', content: 'Text.' },
        ],
      },
    ],
    ['prompt-completion', { prompt: JOINED, completion: 'Text.' }],
  ] as const)('as %s', (format, record) => {
    const content = trainingFile(format, EXAMPLES);
    const isArray = format === 'alpaca' || format === 'sharegpt';
    const records: unknown[] = isArray
      ? (JSON.parse(content) as unknown[])
      : content
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown);
    expect(records).toHaveLength(2);
    expect(records[1]).toEqual(record);
    expect(content.endsWith('\n')).toBe(true);
    expect(trainingFile(format, [])).toBe(isArray ? '[]\n' : '');
  });

  it('has an empty input where there is none, as Alpaca has', () => {
    expect(JSON.parse(trainingFile('alpaca', [PLAIN]))).toEqual([
      { instruction: 'Name a river.', input: '', output: 'Rhine' },
    ]);
  });

  it('keeps every text exactly, line by line, with U+FFFD for lone surrogates', () => {
    const example = fc.record({ id: hostileText, instruction: hostileText, input: hostileText, response: hostileText });
    fc.assert(
      fc.property(fc.array(example, { minLength: 1 }), (examples) => {
        const content = trainingFile('prompt-completion', examples);
        expect(content.isWellFormed()).toBe(true);
        // Python's splitlines, which some readers use, ends lines at these too.
        const lines = content.split(/[\n\r\u2028\u2029]/).slice(0, -1);
        expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
          examples.map(({ instruction, input, response }) => ({
            prompt: `${instruction}\n\n${input}`.toWellFormed(),
            completion: response.toWellFormed(),
          })),
        );
      }),
    );
  });
});

describe('the files of a training set', () => {
  const names = (heldOut: readonly LabeledExample[]) =>
    TRAINING_FORMATS.map((format) => trainingFiles(format, { train: EXAMPLES, heldOut }).map(({ name }) => name));

  it('are called by the format', () => {
    expect(names([PLAIN])).toEqual([
      ['train.json', 'held-out.json'],
      ['train.json', 'held-out.json'],
      ['train.jsonl', 'held-out.jsonl'],
      ['train.jsonl', 'held-out.jsonl'],
      ['data/train-00000-of-00001.parquet', 'data/test-00000-of-00001.parquet'],
      ['train.json', 'held-out.json', 'dataset_info.json'],
    ]);
  });

  it('are fewer when nothing is held out', () => {
    expect(names([])).toEqual([
      ['train.json'],
      ['train.json'],
      ['train.jsonl'],
      ['train.jsonl'],
      ['data/train-00000-of-00001.parquet'],
      ['train.json', 'dataset_info.json'],
    ]);
  });

  it('keep what is held out apart', () => {
    const [train, heldOut] = trainingFiles('openai', { train: [PLAIN], heldOut: [WITH_INPUT] });
    expect(train!.content).toBe(trainingFile('openai', [PLAIN]));
    expect(heldOut!.content).toBe(trainingFile('openai', [WITH_INPUT]));
  });

  it('come with an index for LLaMA-Factory', () => {
    const files = trainingFiles('llama-factory', { train: [PLAIN], heldOut: [WITH_INPUT] });
    const columns = { prompt: 'instruction', query: 'input', response: 'output' };
    expect(files[0]!.content).toBe(trainingFile('alpaca', [PLAIN]));
    expect(JSON.parse(files[2]!.content as string)).toEqual({
      winnow: { file_name: 'train.json', columns },
      winnow_held_out: { file_name: 'held-out.json', columns },
    });
  });

  it('are records for Parquet, which read back', async () => {
    const [train] = trainingFiles('parquet', { train: EXAMPLES, heldOut: [] });
    const { records } = train!.content as Exclude<typeof train, undefined>['content'] & { records: never[] };
    const path = folder.file('train.parquet');
    await writeRecords(records, path);
    const { instructions } = await readPool([path]);
    expect(instructions.map(({ record }) => record)).toEqual([
      { id: 'a', instruction: 'Name a river.', input: '', output: 'Rhine' },
      { id: 'b', instruction: 'Sum up.', input: 'A text.', output: 'Text.' },
    ]);
  });
});

it('says when OpenAI would find the examples too few', () => {
  expect(openAiShortage(9)).toBe('OpenAI fine-tuning needs at least 10 examples, but there are only 9.');
  expect(openAiShortage(1)).toContain('there is only 1.');
  expect(openAiShortage(10)).toBeUndefined();
});
