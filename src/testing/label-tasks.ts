import fc from 'fast-check';
import type { LabelTask } from '../domain/label.ts';

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

/** Characters that break quoting, spreadsheets, terminals, markup and encodings. */
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

/** Ids are well-formed, as everything that was stored is. */
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
