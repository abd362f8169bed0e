import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STRATEGIES } from '../../src/selection/strategies/registry.ts';
import { configReference } from '../support/config-reference.ts';
import { runCli } from '../support/run-cli.ts';
import { strategyReference } from '../support/strategy-reference.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const folder = temporaryFolder();

describe('the README', () => {
  it.each([
    'init',
    'next',
    'run',
    'status',
    'export',
    'import',
    'pick',
    'plan',
    'score',
    'simulate',
    'scorer train',
    'scorer eval',
  ])('knows every option of winnow %s', async (command) => {
    const { stdout } = await runCli([...command.split(' '), '--help'], { cwd: folder.path });
    const options = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option!);
    expect(options.length).toBeGreaterThan(2);
    const missing = options.filter((option) => option !== '--help' && !new RegExp(`${option}(?![a-z-])`).test(README));
    expect(missing).toEqual([]);
  });

  it('has no figure left open', () => {
    const shouted = README.match(/\b[A-Z]{6,}\b/g) ?? [];
    expect(shouted.filter((word) => word !== 'README')).toEqual([]);
  });

  it('knows every option of winnow.yaml as the schema has it', () => {
    const [, table] = /<!-- config reference -->\n([\s\S]*?)\n<!-- end of config reference -->/.exec(README)!;
    expect(`${table}\n`).toBe(configReference());
  });

  it('knows every option of strategies and judges as they declare it', () => {
    const [, table] = /<!-- strategy options -->\n([\s\S]*?)\n<!-- end of strategy options -->/.exec(README)!;
    expect(`${table}\n`).toBe(strategyReference());
  });

  it.each(STRATEGIES.names)('knows the strategy %s', (name) => {
    expect(README).toContain(`| \`${name}\``);
  });
});
