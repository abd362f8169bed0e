import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabeledExample } from '../../../src/domain/label.ts';
import { TRAINING_FORMATS, textFormatNames, trainingText } from '../../../src/labels/training/registry.ts';
import { shortageOf, type TrainingFormat, textFormat } from '../../../src/labels/training/training-format.ts';
import { readPool } from '../../../src/records/read-pool.ts';
import { writeRecords } from '../../../src/records/write-records.ts';
import { hostileText } from '../../../src/testing/label-tasks.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

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
    const content = trainingText(format).encode(EXAMPLES);
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
    expect(trainingText(format).encode([])).toBe(isArray ? '[]\n' : '');
  });

  it('has an empty input for items without one, as in Alpaca', () => {
    expect(JSON.parse(trainingText('alpaca').encode([PLAIN]))).toEqual([
      { instruction: 'Name a river.', input: '', output: 'Rhine' },
    ]);
  });

  it('keeps every text exactly, line by line, with U+FFFD for lone surrogates', () => {
    const example = fc.record({ id: hostileText, instruction: hostileText, input: hostileText, response: hostileText });
    fc.assert(
      fc.property(fc.array(example, { minLength: 1 }), (examples) => {
        const content = trainingText('prompt-completion').encode(examples);
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
    [...TRAINING_FORMATS].map((format) => format.files({ train: EXAMPLES, heldOut }).map(({ name }) => name));

  it('are named by the format', () => {
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

  it('have a separate file for held-out examples', () => {
    const [train, heldOut] = TRAINING_FORMATS.find('openai').files({ train: [PLAIN], heldOut: [WITH_INPUT] });
    expect(train!.content).toBe(trainingText('openai').encode([PLAIN]));
    expect(heldOut!.content).toBe(trainingText('openai').encode([WITH_INPUT]));
  });

  it('come with an index for LLaMA-Factory', () => {
    const files = TRAINING_FORMATS.find('llama-factory').files({ train: [PLAIN], heldOut: [WITH_INPUT] });
    const columns = { prompt: 'instruction', query: 'input', response: 'output' };
    expect(files[0]!.content).toBe(trainingText('alpaca').encode([PLAIN]));
    expect(JSON.parse(files[2]!.content as string)).toEqual({
      winnow: { file_name: 'train.json', columns },
      winnow_held_out: { file_name: 'held-out.json', columns },
    });
  });

  it('can be written as Parquet and read back', async () => {
    const [train] = TRAINING_FORMATS.find('parquet').files({ train: EXAMPLES, heldOut: [] });
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

it('reports when a format needs more examples', () => {
  const openAi = TRAINING_FORMATS.find('openai');
  expect(shortageOf(openAi, 9)).toBe('OpenAI fine-tuning needs at least 10 examples, but there are only 9.');
  expect(shortageOf(openAi, 1)).toContain('there is only 1.');
  expect(shortageOf(openAi, 10)).toBeUndefined();
  expect(shortageOf(TRAINING_FORMATS.find('alpaca'), 0)).toBeUndefined();
});

describe('the registry of training formats', () => {
  it('gives every format a summary and its documentation', () => {
    for (const { summary, source } of TRAINING_FORMATS) {
      expect(summary).not.toBe('');
      expect(URL.canParse(source)).toBe(true);
    }
  });

  it('lists the formats that a trainer can use', () => {
    expect(textFormatNames()).toEqual(['alpaca', 'sharegpt', 'openai', 'prompt-completion']);
    expect(() => trainingText('parquet')).toThrow('The training format parquet is not a single text file.');
    expect(() => trainingText('csv')).toThrow('There is no training format "csv".');
  });

  it('accepts a format of another author', () => {
    const lines: TrainingFormat = textFormat({
      name: 'lines',
      summary: 'responses only',
      source: 'https://example.org',
      extension: '.jsonl',
      record: ({ response }) => ({ response }),
    });
    const formats = TRAINING_FORMATS.with(lines);
    expect(trainingText('lines', formats).encode([PLAIN])).toBe('{"response":"Rhine"}\n');
    expect(textFormatNames(formats)).toContain('lines');
  });
});
