import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const names = readdirSync('test', { recursive: true, encoding: 'utf8' });
const files = names.filter((name) => /\.test\.tsx?$/.test(name)).map((name) => name.replaceAll('\\', '/'));

/** The test files whose text matches. */
function filesWith(pattern: RegExp): string[] {
  return files.filter((file) => pattern.test(readFileSync(join('test', file), 'utf8')));
}

test('there are tests', () => {
  expect(files.length).toBeGreaterThan(100);
});

/** A test whose limit fits an idle machine fails on a busy one. The limit in vitest.config.ts holds for all. */
test('no test has a time limit of its own', () => {
  expect(filesWith(/^ *\}, [\d_]{4,}\);$/m)).toEqual([]);
});

/** Registries belong to the process, which the files of a worker share. Those of test/plugins run in their own. */
test('no test registers anything where others would find it', () => {
  const registering = filesWith(/\b(?:usePlugins|loadPlugins)\(|\b[A-Z_]{4,}\.(?:add|nameOf)\(/);
  expect(registering.length).toBeGreaterThan(0);
  expect(registering.filter((file) => !file.startsWith('plugins/'))).toEqual([]);
});
