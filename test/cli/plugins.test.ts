import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}.js`, import.meta.url));
const cwd = folder.path;
folder.write(
  'pool.csv',
  'id,instruction,kind\n1,Add 2 and 3.,math\n2,Multiply 4 by 5.,math\n3,Name a river in Peru.,geography\n',
);

describe('--plugin', () => {
  it('adds a strategy with its flags', async () => {
    const words = ['--strategy', 'by-topic', '--topic-field', 'kind', '-n', '2', '--json', '--state', ':memory:'];
    const result = await runCli(['pick', 'pool.csv', '--plugin', example('strategy-by-topic'), ...words], { cwd });
    expect(result).toMatchObject({ code: 0 });
    const { picks, identity } = JSON.parse(result.stdout);
    expect(picks.map(({ id }: { id: string }) => id)).toEqual(['1', '3']);
    expect(identity).toMatchObject({ topicField: 'kind', plugins: 'by-topic 1.0.0' });
  });

  it('is shown in the help, with the options it brings', async () => {
    const help = await runCli([`--plugin=${example('strategy-by-topic')}`, 'pick', '--help'], { cwd });
    expect(help.stdout).toContain('--topic-field <name>');
    expect((await runCli(['--help'], { cwd })).stdout).toContain('--plugin <module>');
  });

  it('cannot steer the terminal with what it says of itself, nor add a line to the help', async () => {
    const evil = 'x\\u001b[2J\\u001b]0;t\\u0007\\u009b1A\\u202eEVIL\\r\\nFAKE line';
    const source = readFileSync(example('strategy-by-topic'), 'utf8')
      .replace("from 'winnow-ai'", `from '${new URL('../../dist/index.js', import.meta.url)}'`)
      .replace('takes one instruction of each topic in turn', evil)
      .replace('the field that names the topic', evil)
      .replace("value: 'name'", `value: '${evil}'`)
      .replace("default('category')", `default('${evil}')`)
      .replace(/`[^`]* topics\.`/, `'${evil}'`);
    const plugin = folder.write('evil.mjs', source);
    const words = ['pick', 'pool.csv', '-n', '1', '--strategy', 'by-topic', '--state', ':memory:', '--json'];
    for (const args of [['pick', '--help'], words]) {
      const { stdout, stderr } = await runCli([...args, '--plugin', plugin], { cwd });
      expect(stdout + stderr).toContain('EVIL');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]|^\s*FAKE/m);
    }
  });

  it('adds a judge to score, with its option', async () => {
    folder.write('answers.jsonl', '{"instruction":"2+3?","output":"5"}\n{"instruction":"6*7?","output":"many"}\n');
    const words = ['--judge', 'regex', '--pattern', '^[0-9]+$', '--state', ':memory:'];
    const result = await runCli(['score', 'answers.jsonl', '--plugin', example('judge-regex'), ...words], { cwd });
    expect(result).toMatchObject({ code: 0 });
    const scores = result.stdout.trim().split('\n');
    expect(scores.map((line) => JSON.parse(line).winnow.score)).toEqual([5, 0]);
  });

  it('adds a trainer to init, which names the module in winnow.yaml, and to simulate', async () => {
    const plugin = ['--plugin', example('trainer-keywords')];
    const words = ['init', 'mine', '--yes', '--pool', 'pool.csv', '--trainer', 'keywords', ...plugin];
    expect(await runCli(words, { cwd })).toMatchObject({ code: 0 });
    const config = readFileSync(folder.file('mine/winnow.yaml'), 'utf8');
    expect(config).toContain(`plugins:\n  - ${example('trainer-keywords')}\n`);
    expect(config).toContain('kind: keywords');
    // The module is found without naming it again.
    expect(await runCli(['status', '-C', 'mine'], { cwd })).toMatchObject({ code: 0 });
    const help = await runCli(['simulate', '--help', ...plugin], { cwd });
    expect(help.stdout.replaceAll(/\s+/g, ' ')).toContain('"retrieval", "nearest-neighbour", "keywords", "command"');
  });

  it.each([
    [['pick', 'pool.csv', '-n', '1', '--plugin'], '--plugin needs a module.'],
    [['pick', 'pool.csv', '-n', '1', '--plugin', './none.js'], 'There is no plugin ./none.js.'],
  ])('that names nothing is wrong usage: %j', async (words, message) => {
    const result = await runCli(words, { cwd });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(message);
  });
});
