import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const SHELLS = ['bash', 'zsh', 'fish'] as const;
const isInstalled = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

beforeAll(async () => {
  for (const shell of SHELLS) {
    const { code, stdout } = await runCli(['completion', shell], { cwd: folder.path });
    expect(code).toBe(0);
    writeFileSync(folder.file(`winnow.${shell}`), stdout);
  }
});

/** What bash offers for the last word. */
function offered(...words: readonly string[]): string[] {
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _winnow; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ['-c', script, 'bash', folder.file('winnow.bash'), 'winnow', ...words];
  return execFileSync('bash', args, { encoding: 'utf8' }).split('\n').filter(Boolean);
}

describe('completion in bash', () => {
  it('offers the commands, and those below one', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['init', 'run', 'pick', 'completion']));
    expect(offered('sim')).toEqual(['simulate']);
    expect(offered('scorer', '')).toEqual(['train', 'eval']);
  });

  it('offers the options of the command that is typed', () => {
    expect(offered('pick', '--per-q')).toEqual(['--per-query']);
    expect(offered('status', '--per-q')).toEqual([]);
    expect(offered('scorer', 'train', '--val')).toEqual(['--valid']);
  });

  it('offers the values that an option chooses from', () => {
    expect(offered('pick', 'pool.jsonl', '--provider', 'open')).toEqual(['openai', 'openrouter']);
    expect(offered('pick', '--strategy', 'k-')).toEqual(['k-means', 'k-center']);
    expect(offered('pick', '--partition', '')).toEqual(['diverse', 'similar', 'random']);
    expect(offered('export', '--to', 'lab')).toEqual(['label-studio']);
    expect(offered('completion', 'z')).toEqual(['zsh']);
  });

  it('leaves files to the shell', () => {
    expect(offered('pick', 'pool')).toEqual([]);
    expect(offered('pick', '-o', '')).toEqual([]);
  });
});

it.each(SHELLS.map((shell) => [shell] as const))('the script for %s can be read by it', (shell) => {
  if (!isInstalled(shell)) return;
  expect(spawnSync(shell, ['-n', folder.file(`winnow.${shell}`)], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

it.runIf(isInstalled('fish'))('fish offers commands, options and values with what they mean', () => {
  const complete = (line: string) =>
    execFileSync('fish', ['-c', `source ${folder.file('winnow.fish')}; complete -C '${line}'`], { encoding: 'utf8' });
  expect(complete('winnow sim')).toContain('simulate\tReplay labeled data');
  expect(complete('winnow pick --per-q')).toContain('--per-query\t');
  expect(complete('winnow pick --provider mis')).toContain('mistral');
});

it('refuses a shell that it does not know', async () => {
  const { code, stderr } = await runCli(['completion', 'csh'], { cwd: folder.path });
  expect(code).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});
