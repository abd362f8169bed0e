import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPool } from '../../src/records/read-pool.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { asLines } from './campaign-lab.ts';
import { PAIRS, recordsIn } from './score-lab.ts';

const folder = temporaryFolder();
const options = { cwd: folder.path };
const winnow = (...args: string[]) => runCli(args, options);

folder.write('pairs.jsonl', asLines(PAIRS));
folder.write('pool.jsonl', asLines(PAIRS.map(({ output, ...record }) => record)));

const bestFirst = (records: readonly { winnow: { score: number } }[]) =>
  records.map(({ winnow: { score } }) => score).sort((a, b) => b - a);

describe('winnow score, without any LLM', () => {
  it('gives every record back as it was, in its place, with a score, a reason and who judged', async () => {
    const { code, stdout, stderr } = await winnow('score', 'pairs.jsonl', '-o', 'scored.jsonl');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const scored = recordsIn(folder, 'scored.jsonl');
    expect(scored.map(({ winnow: _, ...record }) => record)).toEqual(PAIRS);
    for (const { winnow: added } of scored) {
      expect(Object.keys(added)).toEqual(['score', 'reason', 'judge']);
      expect(added.score).toBeGreaterThanOrEqual(0);
      expect(added.score).toBeLessThanOrEqual(5);
      expect(added.reason).not.toBe('');
      expect(added.judge).toContain('expert-scorer-2');
    }
    expect(stderr).toContain('Scored 12 records, accuracy → scored.jsonl');
    expect(stderr).toMatch(/mean +\d\.\d\d/);
    expect(stderr).toMatch(/median +\d\.\d\d; half of all from \d\.\d\d to \d\.\d\d/);
    expect(stderr).toMatch(/≥ 4\.5 +\d+ %/);
  });

  it('judges instructions alone where not every record has a response, and says so where some have', async () => {
    folder.write('some.jsonl', asLines([...PAIRS.slice(0, 3), { instruction: 'Say more.' }]));
    const some = JSON.parse((await winnow('score', 'some.jsonl', '--json')).stdout);
    expect(some).toMatchObject({ dimension: 'quality', judge: 'offline', scored: 4, end: 'complete' });
    expect(some.notes[0]).toContain('1 of 4 instructions have no response');
    const { notes } = JSON.parse((await winnow('score', 'pool.jsonl', '--json')).stdout);
    expect(notes.join()).not.toContain('have no response');
  });

  it('scores the responses that are there, and says why the rest has no score', async () => {
    const { code, stderr } = await winnow('score', 'some.jsonl', '--dimension', 'accuracy', '-o', 'accuracy.jsonl');
    expect(code).toBe(1);
    expect(stderr).toContain('Scored 3 of 4 records');
    expect(stderr).toContain('--draft');
    const last = recordsIn(folder, 'accuracy.jsonl')[3];
    expect(last.winnow).toEqual({
      score: null,
      failure: 'it has no response to judge the accuracy of',
      judge: expect.stringContaining('expert-scorer-2'),
    });
  });

  it('gives duplicates the score each, and other responses to the same instruction their own', async () => {
    const long = 'Because the sky scatters blue light more than red light, which is called Rayleigh scattering.';
    const records = [
      { instruction: 'Why is the sky blue?', output: 'no', n: 1 },
      { instruction: 'Why is the sky blue?', output: long, n: 2 },
      { instruction: 'Why is the sky blue?', output: 'no', n: 3 },
    ];
    folder.write('same.jsonl', asLines(records));
    const summary = JSON.parse((await winnow('score', 'same.jsonl', '--json')).stdout);
    expect(summary.pool).toMatchObject({ records: 3, items: 2 });
    expect(summary.records.map(({ n }: { n: number }) => n)).toEqual([1, 2, 3]);
    const [first, second, third] = summary.records.map(({ winnow: { score } }: { winnow: { score: number } }) => score);
    expect(third).toBe(first);
    expect(second).toBeGreaterThan(first);
  });

  it('keeps what earlier runs said of a record', async () => {
    await winnow('score', 'pool.jsonl', '-o', 'once.jsonl');
    await winnow('score', 'once.jsonl', '--dimension', 'complexity', '-o', 'twice.jsonl');
    const { previous, judge } = recordsIn(folder, 'twice.jsonl')[0].winnow;
    expect(judge).toContain('complexity');
    expect(previous.judge).toContain('quality');
    expect(recordsIn(folder, 'twice.jsonl')[0].winnow.previous).toEqual(recordsIn(folder, 'once.jsonl')[0].winnow);
  });

  it.each(['out.json', 'out.csv', 'out.parquet', 'out.jsonl.gz'])(
    'writes %s, whose scores can be chosen by',
    async (file) => {
      expect((await winnow('score', 'pairs.jsonl', '-o', file)).code).toBe(0);
      expect((await readPool([folder.file(file)])).instructions).toHaveLength(12);
      const field = /csv|parquet/.test(file) ? 'winnow_score' : 'winnow.score';
      const args = ['pick', file, '-n', '2', '--strategy', 'alpagasus', '--threshold', '0', '--score-field', field];
      const picked = await winnow(...args, '--dedupe-threshold', '0', '--json');
      expect(picked.code).toBe(0);
      const best = bestFirst(JSON.parse((await winnow('score', 'pairs.jsonl', '--json')).stdout).records).slice(0, 2);
      const scores = JSON.parse(picked.stdout).picks.map(
        ({ winnow: { score } }: { winnow: { score: number } }) => score,
      );
      expect(scores).toEqual(best);
    },
  );

  it('reads standard input and writes standard output', async () => {
    const { code, stdout } = await runCli(['score', '-'], { ...options, input: asLines(PAIRS.slice(0, 2)) });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  it('plans without a trace', async () => {
    const before = readdirSync(folder.path);
    const { code, stdout } = await winnow(
      'score',
      'pairs.jsonl',
      '-o',
      'planned.jsonl',
      '--plan',
      '--state',
      'plan.db',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Plan: score the accuracy of 12 items');
    expect(readdirSync(folder.path)).toEqual(before);
  });

  it('survives hostile texts and shows none of their tricks', async () => {
    const nasty = ['\u001b[2Jgone', '\u0000', '\u202eevil', '<script>alert(1)</script>', 'x'.repeat(300_000), '=1+1'];
    const records = nasty.map((text, index) => ({ instruction: `${text} ${index}`, output: text, note: text }));
    folder.write('hostile.jsonl', `${asLines(records)}{"instruction":"half \\ud800 of it","output":"\\udfff"}\n`);
    const { code, stderr } = await winnow('score', 'hostile.jsonl', '-o', 'survived.jsonl');
    expect(code).toBe(0);
    for (const trick of ['\u001b', '\u0000', '\u202e']) expect(stderr).not.toContain(trick);
    expect(
      recordsIn(folder, 'survived.jsonl')
        .map(({ winnow: _, ...record }) => record)
        .slice(0, 6),
    ).toEqual(records);
  });
});

describe('a field of the records', () => {
  it('is taken as it is, each record its own, and shown with its alarm', async () => {
    const records = Array.from({ length: 20 }, (_, n) => ({ instruction: 'Same.', stars: n === 0 ? 1 : '5', n }));
    folder.write('stars.jsonl', asLines(records));
    const { code, stderr } = await winnow('score', 'stars.jsonl', '--score-field', 'stars', '-o', 'field.jsonl');
    expect(code).toBe(0);
    expect(recordsIn(folder, 'field.jsonl').map(({ winnow: { score } }) => score)).toEqual([
      1,
      ...new Array(19).fill(5),
    ]);
    expect(recordsIn(folder, 'field.jsonl')[0].winnow).toEqual({
      score: 1,
      reason: 'stars 1',
      judge: 'the field "stars"',
    });
    expect(stderr).toMatch(/alarm {2}95 % of 20 scores are 5: this field hardly distinguishes the items/);
    expect(stderr).toMatch(/^ {2}5 {2}█+ +19 {2}95 %$/m);
  });

  it('that no record has is an error that lists those there are', async () => {
    const { code, stderr } = await winnow('score', 'pairs.jsonl', '--score-field', 'star');
    expect(code).toBe(1);
    expect(stderr).toContain('No record has a field "star"');
    expect(stderr).toContain('id, instruction, output');
  });

  it('that is no number everywhere leaves those records without a score', async () => {
    folder.write(
      'mixed.jsonl',
      asLines([
        { instruction: 'a', stars: 2 },
        { instruction: 'b', stars: 'many' },
      ]),
    );
    const { code, stderr } = await winnow('score', 'mixed.jsonl', '--score-field', 'stars', '-o', 'mixed-out.jsonl');
    expect(code).toBe(1);
    expect(recordsIn(folder, 'mixed-out.jsonl')[1].winnow).toEqual({
      score: null,
      failure: 'its field "stars" is not a number',
      judge: 'the field "stars"',
    });
    expect(stderr).toContain('failed  record 2: its field "stars" is not a number');
  });
});

describe('winnow score, used wrongly', () => {
  it.each([
    [['pairs.jsonl', '--judge', 'llm'], 'cannot judge as an LLM does'],
    [['pairs.jsonl', '--draft'], 'cannot write responses'],
    [['pairs.jsonl', '--judge', 'expert', '--dimension', 'quality'], 'The judge "expert" cannot score quality.'],
    [['pairs.jsonl', '--judge', 'expert', '--dimension', 'necessity'], 'The judge "expert" cannot score necessity.'],
    [['pairs.jsonl', '--judge', 'offline', '--scorer', 's.json'], '--scorer has no effect with the judge "offline".'],
    [['pairs.jsonl', '--score-field', 'stars', '--judge', 'offline'], 'cannot be combined with --judge'],
    [['pairs.jsonl', '--score-field', 'stars', '--dimension', 'quality'], 'cannot be combined with --dimension'],
    [['pool.jsonl', '--dimension', 'accuracy'], 'none of the 12 records has a response'],
    [['pool.jsonl', '--judge', 'expert'], 'none of the 12 records has a response'],
    [['pairs.jsonl', '--dimension', 'beauty'], 'Allowed choices are'],
    [['pairs.jsonl', '--model', 'gpt-4o-mini'], 'needs a --provider'],
    [['pairs.jsonl', '-o', 'x.docx'], '.docx'],
    [['pairs.jsonl', '-o', 'pairs.jsonl'], 'would overwrite'],
    [
      ['pairs.jsonl', '--provider', 'openai', '--model', 'm', '--draft', '--dimension', 'quality'],
      'instructions alone',
    ],
  ])('%j ends with exit code 2 and says why', async (args, message) => {
    const { code, stderr, stdout } = await winnow('score', ...args);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('names every option, with examples and exit codes, in its help', async () => {
    const { stdout } = await winnow('score', '--help');
    const names =
      'output judge dimension scorer score-field draft provider model base-url price context-tokens reasoning-tokens ' +
      'prompts instruction-field input-field output-field id-field skip-bad-lines max-usd max-calls max-tokens ' +
      'concurrency timeout state retry-failed cache-dir json verbose plan yes';
    for (const name of names.split(' ')) expect(stdout).toContain(`--${name}`);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('Exit codes:');
  });
});
