import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reasonPairs } from '../selection/judges/expert/expert-lab.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const winnow = (...args: readonly string[]) => runCli(['scorer', ...args], { cwd: folder.path });

const lines = reasonPairs(60).map(({ worse, better }) =>
  JSON.stringify({ instruction: better.instruction, chosen: better.response, rejected: worse.response }),
);
folder.write('pairs.jsonl', lines.slice(0, 40).join('\n'));
folder.write('others.jsonl', lines.slice(40).join('\n'));

describe('winnow scorer', () => {
  it('fits a scorer, the same one again, and measures it beside length', async () => {
    const fitted = await winnow('train', 'pairs.jsonl', '--valid', 'others.jsonl', '-o', 'scorer.json');
    expect(fitted).toMatchObject({ code: 0, stderr: '' });
    expect(fitted.stdout).toMatch(/Fitted expert-scorer-2-[0-9a-f]{12} to 40 pairs: scorer\.json/);
    expect(fitted.stdout).toContain('100.0 % of 20 pairs right');

    const again = await winnow('train', 'pairs.jsonl', '--valid', 'others.jsonl', '-o', 'again.json', '--json');
    expect(readFileSync(folder.file('again.json'))).toEqual(readFileSync(folder.file('scorer.json')));
    expect(JSON.parse(again.stdout)).toMatchObject({ output: 'again.json', training: { pairs: 40 } });
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);

    const measured = await winnow('eval', 'others.jsonl', '--scorer', 'scorer.json');
    expect(measured.code).toBe(0);
    expect(measured.stdout).toMatch(/expert-scorer-2-[0-9a-f]{12} +100\.0 % +100\.0 % to 100\.0 %/);
    expect(measured.stdout).toMatch(/about as long +20 +100\.0 %/);

    const asJson = await winnow('eval', 'others.jsonl', '--scorer', 'scorer.json', '--json');
    expect(JSON.parse(asJson.stdout)).toMatchObject({ pairs: 20, accuracy: 1, bands: expect.any(Array) });
  });

  it('measures the scorer that ships with it', async () => {
    const { code, stdout } = await winnow('eval', 'others.jsonl', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ scorer: expect.stringMatching(/^expert-scorer-2-/), pairs: 20 });
  });

  it('claims nothing of a handful of pairs', async () => {
    folder.write('few.jsonl', lines.slice(0, 19).join('\n'));
    const { code, stdout } = await winnow('eval', 'few.jsonl');
    expect(code).toBe(0);
    expect(stdout).toContain('Too few pairs to tell.');
    expect(stdout).not.toMatch(/ % to |It is better/);
    const asJson = await winnow('eval', 'few.jsonl', '--json');
    expect(JSON.parse(asJson.stdout)).toMatchObject({ pairs: 19, interval: null, gain: { interval: null } });
  });

  it.each([
    [['eval'], "missing required argument 'pairs'"],
    [['train', 'pairs.jsonl', '-o', 'a.json', '--seed', 'x'], "option '--seed <n>' argument 'x' is invalid"],
    [['eval', 'others.jsonl', '--frobnicate'], "unknown option '--frobnicate'"],
    [[], "unknown option '--json'"],
  ] as const)('says what is wrong with the command line %j in JSON too', async (args, message) => {
    const { code, stdout, stderr } = await winnow(...args, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'USAGE',
        message: expect.stringContaining(message),
        hint: 'Add --help for the options.',
        data: {},
      },
    });
    expect(JSON.parse(stdout).error.message).not.toMatch(/^error/);
    expect(stderr).toContain(message);
    expect((await winnow(...args)).stdout).toBe('');
  });

  it.each([
    [['eval', 'none.jsonl'], 1, 'There is no file "none.jsonl"'],
    [['eval', 'others.jsonl', '--scorer', 'none.json'], 1, 'There is no scorer "none.json"'],
    [['eval', 'others.jsonl', '--scorer', 'pairs.jsonl'], 1, '"pairs.jsonl" is not a scorer'],
    [['train', 'pairs.jsonl', '-o', 'pairs.jsonl'], 2, 'would overwrite'],
    [['train', 'pairs.jsonl', '-o', 'nowhere/scorer.json'], 1, 'there is no folder "nowhere"'],
    [['train', 'pairs.jsonl'], 2, '--output'],
  ] as const)('ends %j with %i and says "%s"', async (args, code, message) => {
    const run = await winnow(...args);
    expect(run.code).toBe(code);
    expect(run.stderr).toContain(message);
  });

  it('names file and line of what it cannot read', async () => {
    folder.write('bad.jsonl', `${lines[0]}\n{"instruction":"a","chosen":"b"}\n`);
    const { code, stderr } = await winnow('train', 'bad.jsonl', '-o', 'bad.json');
    expect(code).toBe(1);
    expect(stderr).toContain('bad.jsonl, line 2: "rejected"');
  });
});
