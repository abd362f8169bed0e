import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STRATEGIES } from '../../src/selection/strategies/registry.ts';
import { ERROR_CODES } from '../support/error-codes.ts';
import { GENERATED_PARTS, partOf } from '../support/generated-docs.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DOCS = new URL('../../docs/', import.meta.url);
const REFERENCE = readFileSync(new URL('reference/cli.md', DOCS), 'utf8');
const STRATEGY_PAGE = readFileSync(new URL('strategies.md', DOCS), 'utf8');
const SOURCE = new URL('../../src/', import.meta.url);
const folder = temporaryFolder();

describe('the docs', () => {
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
    const missing = options.filter(
      (option) => option !== '--help' && !new RegExp(`${option}(?![a-z-])`).test(REFERENCE),
    );
    expect(missing).toEqual([]);
  });

  it.each(GENERATED_PARTS.map((part) => [part.name, part] as const))(
    'are as the code is: %s',
    (name, { page, make }) => {
      expect(partOf(readFileSync(new URL(page, DOCS), 'utf8'), name)).toBe(make());
    },
  );

  it('explain every error code that a command or the library can end with, and no other', () => {
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' });
    // The page of winnow annotate has codes of its own, which people there never see.
    const own = files.filter((name) => name.endsWith('.ts') && !name.startsWith('annotate/'));
    const thrown = own.flatMap((name) => {
      const text = readFileSync(new URL(name, SOURCE), 'utf8');
      return [
        ...text.matchAll(/(?:super|new WinnowError|new StateError|new WebError)\(\s*'([A-Z_]+)'/g),
        ...text.matchAll(/code: '([A-Z_]+)'/g),
      ].map(([, code]) => code!);
    });
    expect(Object.keys(ERROR_CODES)).toEqual(expect.arrayContaining(thrown));
    const everywhere = files
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(new URL(name, SOURCE), 'utf8'))
      .join('\n');
    expect(Object.keys(ERROR_CODES).filter((code) => !everywhere.includes(`'${code}'`))).toEqual([]);
  });

  it.each(STRATEGIES.names)('knows the strategy %s', (name) => {
    expect(STRATEGY_PAGE).toContain(`| \`${name}\``);
  });
});
