import fc from 'fast-check';
import type { LabelTask } from '../../src/domain/label.ts';
import type { DecodedLabels } from '../../src/labels/label-file.ts';
import { readLabelFile } from '../../src/labels/read-label-file.ts';
import { BRIDGES } from '../../src/labels/registry.ts';

export const PLAIN_TASK: LabelTask = {
  id: 'it_1',
  instruction: 'Name three rivers.',
  round: 1,
  rank: 1,
  reason: 'covers geography',
};

export const DRAFTED_TASK: LabelTask = {
  id: 'it_2',
  instruction: 'Sum up the text.',
  input: 'A long text.',
  round: 2,
  rank: 7,
  reason: 'the model fails at it',
  draft: { response: 'No.', model: 'seed-1', score: 0.25, judgeReason: 'it sums up nothing' },
};

export const TASKS: readonly LabelTask[] = [PLAIN_TASK, DRAFTED_TASK, { ...PLAIN_TASK, id: '3', rank: 2 }];

/** An annotation of which the tool says no more than the response. */
export const UNSAID = { annotator: null, seconds: null, submittedAtMs: null, sourceId: null };

const HOSTILE = [
  '"',
  "'",
  "''",
  ',',
  ';',
  '\t',
  '\n',
  '\r\n',
  '\r',
  '\0',
  '\u2028',
  '\ufeff',
  '\u202e',
  '=1+1',
  '@SUM(A1)',
  '-2',
  '＝1',
  '<script>',
  '\u001b[31m',
  '😀',
  '\ud800',
  '__proto__',
  '{"a":',
];
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 5 })
  .map((parts) => parts.join(''));

/** Ids are well-formed, as whatever was stored is; otherwise anything. */
const id = fc.oneof(
  hostileText.map((text) => `x${text.toWellFormed()}`),
  hostileText.map((text) => `${text.toWellFormed()}x`),
  fc.nat().map(String),
);

export const hostileTasks: fc.Arbitrary<readonly LabelTask[]> = fc.uniqueArray(
  fc
    .record({
      id,
      instruction: hostileText,
      input: fc.option(hostileText, { nil: undefined }),
      round: fc.integer({ min: 1, max: 9 }),
      rank: fc.integer({ min: 1, max: 99 }),
      reason: hostileText,
      draft: fc.option(
        fc.record({
          response: hostileText.map((text) => `${text}.`),
          model: hostileText,
          score: fc.double({ min: 0, max: 1, noNaN: true }),
          judgeReason: hostileText,
        }),
        { nil: undefined },
      ),
    })
    .map(({ input, draft, ...task }) => ({
      ...task,
      ...(input !== undefined && { input }),
      ...(draft !== undefined && { draft }),
    })),
  { selector: (task) => task.id, minLength: 1, maxLength: 5 },
);

/** Reads a file as a user would: under the tool's name. */
export function decode(tool: string, content: string, name = `labels${BRIDGES.find(tool).extension}`): DecodedLabels {
  return BRIDGES.find(tool).decode(readLabelFile(content, name));
}

/** Of a record handed out, the way a tool's own code sees it. */
export type Json = Record<string, unknown>;

/** The records of a file handed out, to be edited as the tool would. */
export function handedOut(tool: string, tasks: readonly LabelTask[] = TASKS): Json[] {
  const content = BRIDGES.find(tool).encode(tasks);
  return tool === 'label-studio' || tool === 'argilla'
    ? (JSON.parse(content) as Json[])
    : content
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Json);
}

export const jsonLines = (records: readonly unknown[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');
