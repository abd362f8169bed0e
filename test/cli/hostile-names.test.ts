import { expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyPool } from '../support/tiny-pool.ts';

const folder = temporaryFolder();
writeTinyPool(folder, 4);

/** Clears the screen, hides text, sets a title and writes a line that looks like one of ours. */
const HOSTILE = 'x\u001b[2J\u001b[8m\u009b1A\u001b]0;title\u0007\u202e\r\nFAKE done';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_OURS = /\u001b(?!\[\d+m)|\u001b\[8m|[\u0000-\u0008\u000b-\u001a\u007f-\u009f\u202e]/;
const PICK = ['pick', 'pool.jsonl', '-n', '2', '--strategy', 'random', '--dedupe-threshold', '0'];

it.each([
  ['-o', [...PICK, '-o', `${HOSTILE}.jsonl`], 0],
  ['-o of an unknown format', [...PICK, '-o', `${HOSTILE}.docx`], 2],
  ['--state', [...PICK, '-o', 'p.jsonl', '--state', `no folder ${HOSTILE}/a.db`], 0],
  [
    'a model',
    [
      ...PICK.slice(0, 4),
      '--provider',
      'compatible',
      '--model',
      HOSTILE,
      '--base-url',
      'http://127.0.0.1:1/v1',
      '--plan',
    ],
    1,
  ],
  ['a pool', ['pick', `no ${HOSTILE}.jsonl`, '-n', '1'], 1],
  ['an option', [...PICK, `--${HOSTILE}`], 2],
  ['a folder', ['status', '-C', HOSTILE], 1],
])('neither steers the terminal nor adds a line: the name of %s', async (_, args, code) => {
  const environment = { FORCE_COLOR: '1', NO_COLOR: '' };
  const run = await runCli(args, { cwd: folder.path, environment });
  const printed = `${run.stdout}${run.stderr}`;
  expect(printed).not.toMatch(NOT_OURS);
  expect(printed).not.toMatch(/^FAKE/m);
  expect(printed).toContain('FAKE done');
  expect(run.code).toBe(code);
});

it('keeps JSON the same document, with what could steer a terminal escaped', async () => {
  const { stdout } = await runCli([...PICK, '--json', '-o', `${HOSTILE}.jsonl`], { cwd: folder.path });
  expect(stdout).not.toMatch(NOT_OURS);
  expect(JSON.parse(stdout)).toMatchObject({ output: `${HOSTILE}.jsonl` });
});

it.each([
  ['an error', ['pick', `no ${HOSTILE}.jsonl`, '-n', '1']],
  ['an option', [...PICK, `--${HOSTILE}`]],
])('keeps the JSON of %s the same document, with what could steer a terminal escaped', async (_, args) => {
  const { stdout } = await runCli([...args, '--json'], { cwd: folder.path });
  expect(stdout).not.toMatch(NOT_OURS);
  expect(JSON.parse(stdout).error.message).toContain('\u009b1A');
});
