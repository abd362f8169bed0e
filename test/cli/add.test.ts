import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { campaignLab } from './campaign-lab.ts';

const root = temporaryFolder();
const trace = (id: number) =>
  JSON.stringify({ id: `t${id}`, traceId: `t${id}`, input: `Why is number ${id} odd?`, output: 'It is.' });
const log = (count: number) => `${Array.from({ length: count }, (_, id) => trace(id)).join('\n')}\n`;

describe('winnow add', () => {
  const lab = campaignLab(root, 'logs');

  it('reads a log into the campaign, and notes in winnow.yaml how', async () => {
    lab.write('week.jsonl', log(3));
    const { code, stdout } = await lab.winnow('add', 'week.jsonl', '--from', 'langfuse');
    expect(code).toBe(0);
    expect(stdout).toContain('Added to winnow.yaml: week.jsonl\n');
    expect(stdout).toContain('week.jsonl (3 records, 3 new): 35 instructions in all');
    expect(lab.read('winnow.yaml')).toContain('path: week.jsonl, from: langfuse');
  });

  it('adds nothing the second time', async () => {
    const before = lab.read('winnow.yaml');
    const { code, stdout } = await lab.winnow('add', 'week.jsonl', '--from', 'langfuse');
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing is new.');
    expect(lab.read('winnow.yaml')).toBe(before);
  });

  it('adds only what is new of a log that has grown', async () => {
    lab.write('week.jsonl', log(5));
    const { code, stdout } = await lab.winnow('add', 'week.jsonl', '--from', 'langfuse');
    expect(code).toBe(0);
    expect(stdout).toContain('week.jsonl (5 records, 2 new): 37 instructions in all');
  });

  it('keeps the roles that were named', async () => {
    lab.write('tutor.jsonl', `${JSON.stringify({ messages: [{ role: 'pupil', content: 'What is a prime?' }] })}\n`);
    const { code, stdout } = await lab.winnow('add', 'tutor.jsonl', '--roles', 'pupil=user');
    expect(code).toBe(0);
    expect(stdout).toContain('38 instructions in all');
  });

  it.each([
    [1, 'a file that does not exist', ['missing.jsonl'], 'missing.jsonl'],
    [1, 'a pattern that matches nothing', ['none/*.jsonl'], 'No file matches'],
    [1, 'a file that cannot be used', ['broken.jsonl'], 'broken.jsonl", line 1: it is not valid JSON'],
    [1, 'the preset of another tool', ['plain.jsonl', '--from', 'phoenix'], 'line 1: it holds no request (phoenix).'],
    [2, 'a preset that does not exist', ['plain.jsonl', '--from', 'phenix'], 'phenix'],
    [2, 'standard input', ['-'], 'cannot read from standard input'],
  ] as const)('ends with %i and changes nothing for %s', async (code, _, args, message) => {
    lab.write('broken.jsonl', '{"instruction": "cut o\n');
    lab.write('plain.jsonl', '{"instruction": "What is brass?"}\n');
    const before = lab.read('winnow.yaml');
    const result = await lab.winnow('add', ...args);
    expect(result.stderr).toContain(message);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(lab.read('winnow.yaml')).toBe(before);
  });
});
