import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STRATEGIES } from '../../src/selection/strategies/registry.ts';
import { WINNOW_VERSION } from '../../src/version.ts';
import { manPage } from '../support/command-reference.ts';
import { ERROR_CODES } from '../support/error-codes.ts';
import { GENERATED_PARTS, partOf } from '../support/generated-docs.ts';

const DOCS = new URL('../../docs/', import.meta.url);
const STRATEGY_PAGE = readFileSync(new URL('strategies.md', DOCS), 'utf8');
const SOURCE = new URL('../../src/', import.meta.url);

describe('the docs', () => {
  it.each(GENERATED_PARTS.map((part) => [part.name, part] as const))(
    'are as the code is: %s',
    async (name, { page, make }) => {
      expect(partOf(readFileSync(new URL(page, DOCS), 'utf8'), name)).toBe(await make());
    },
  );

  it('have a man page with every command', async () => {
    expect(readFileSync(new URL('winnow.1', DOCS), 'utf8')).toBe(await manPage(WINNOW_VERSION));
  });

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

  it.each(STRATEGIES.names)('have the strategy %s', (name) => {
    expect(STRATEGY_PAGE).toContain(`| \`${name}\``);
  });
});
