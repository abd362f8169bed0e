import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScorerError } from '../../../../src/domain/errors.ts';
import { readExpertPairs } from '../../../../src/selection/judges/expert/read-expert-pairs.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = temporaryFolder();

describe('expert pairs', () => {
  it('are read from a table with alternating rows', async () => {
    const file = folder.write(
      'pairs.csv',
      'src,score\n"Instruction: Sum. Input: 1, 2 Response: 3",0\n"Instruction: Sum up. Response: It is\n3.",1\n',
    );
    expect(await readExpertPairs(file)).toEqual([
      {
        worse: { instruction: 'Sum.', input: '1, 2', response: '3' },
        better: { instruction: 'Sum up.', response: 'It is\n3.' },
      },
    ]);
  });

  it('are read from records with any text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            instruction: fc.string({ minLength: 1 }),
            input: fc.string(),
            chosen: fc.string(),
            rejected: fc.string(),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        async (records) => {
          const file = folder.write('any.jsonl', records.map((record) => JSON.stringify(record)).join('\n'));
          expect(await readExpertPairs(file)).toEqual(
            records.map(({ instruction, input, chosen, rejected }) => ({
              worse: { instruction, input, response: rejected },
              better: { instruction, input, response: chosen },
            })),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([
    [
      'a.jsonl',
      '{"instruction":"a","chosen":"b","rejected":"c"}\n{"instruction":"a","chosen":"b"}\n',
      /a\.jsonl, line 2: "rejected" is missing\.$/,
    ],
    ['b.jsonl', '\n{"instruction":\n', /b\.jsonl, line 2: it is not valid JSON/],
    [
      'c.csv',
      'src,score\nInstruction: a Response: b,0\nInstruction: a Response: c,0\n',
      /c\.csv, line 3: its score is 0/,
    ],
    ['d.csv', 'src,score\nInstruction: a Response: b,0\n', /d\.csv, line 2: its revision, with score 1, is missing/],
    ['e.csv', 'src,score\nInstruction: a Response: b,1\n', /e\.csv, line 2: its score is 1/],
    ['f.csv', 'src,score\nhello,0\n', /f\.csv, line 2: "src" is not/],
    ['g.csv', 'src,score\n"open,0\n', /g\.csv is not a CSV table/],
    ['h.csv', 'text,label\na,0\n', /h\.csv, line 2: "src" is missing\.$/],
    ['l.csv', 'src,score\nInstruction: a Response: b,2\n', /l\.csv, line 2: "score" must be 0 or 1\.$/],
    ['m.jsonl', '{"instruction":"","chosen":"b","rejected":"c"}', /m\.jsonl, line 1: "instruction" is empty\.$/],
    ['n.jsonl', '{"instruction":"a","chosen":7,"rejected":"c"}', /line 1: "chosen" must be a text, not a number\.$/],
    ['o.jsonl', '{"instruction":"a","input":[],"chosen":"b","rejected":"c"}', /"input" must be a text, not a list\.$/],
    ['p.jsonl', '["a"]', /p\.jsonl, line 1: this line is not a JSON object\.$/],
    ['i.jsonl', '', /i\.jsonl has no pairs/],
    ['j.txt', 'x', /neither a \.csv nor a \.jsonl/],
    ['k.jsonl', new Uint8Array([0xff, 0xfe]), /k\.jsonl is not UTF-8/],
  ])('that are invalid are an error with file and line: %s', async (name, content, message) => {
    const read = readExpertPairs(folder.write(name, content));
    await expect(read).rejects.toThrow(ScorerError);
    await expect(read).rejects.toThrow(message);
  });

  it('that are missing are an error', async () => {
    await expect(readExpertPairs(folder.file('none.csv'))).rejects.toThrow(/There is no file/);
  });
});
