import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** A test whose limit fits an idle machine fails on a busy one. The limit in vitest.config.ts holds for all. */
test('no test has a time limit of its own', () => {
  const names = readdirSync('test', { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => /\.test\.tsx?$/.test(name));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => /^ *\}, [\d_]{4,}\);$/m.test(readFileSync(join('test', file), 'utf8')))).toEqual([]);
});
