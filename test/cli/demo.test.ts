import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

it('the demo runs a whole campaign on the pool that ships, and the failure rate falls', () => {
  const shown = execFileSync(process.execPath, ['dist/cli/main.js', 'demo', folder.file('demo')], {
    env: { PATH: process.env.PATH, HOME: folder.path },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
  for (const command of ['run --yes', 'import answers.jsonl', 'status']) expect(shown).toContain(`$ winnow ${command}`);
  const status = shown.slice(shown.indexOf('$ winnow status'));
  expect(status.match(/\n +\d +retrieval-r\d .*? \d+\.\d % +\d+–\d+ % +30 /g)).toHaveLength(3);
  // Two rates stand beside each other on the same items only; 30 test items cannot tell so small a change.
  expect(status).toMatch(/fails at +\d+ % of 30 test items \(95 %: \d+–\d+ %\)/);
  const [, before, after] = /on the pool +(\d+) → (\d+) % since round 1, on the same \d+/.exec(status)!;
  expect(Number(after)).toBeLessThan(Number(before));
  expect(shown).toMatch(/selecting {2}(?:Selecting|No gain shown|Cannot tell yet)/);
  expect(status).toContain('$52.00');
  expect(shown).toContain('$ winnow report');
  expect(readFileSync(folder.file('demo/winnow-report.html'), 'utf8')).toContain('retrieval-r3');
  for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(150);
});

it('the demo replaces what an earlier one left, when told to, and nothing else', () => {
  const demo = (...words: readonly string[]) =>
    spawnSync(process.execPath, ['dist/cli/main.js', 'demo', ...words], { encoding: 'utf8' });
  expect(demo(folder.file('demo'))).toMatchObject({ status: 1, stderr: expect.stringContaining('--force') });
  folder.write('mine/winnow.yaml', 'pool: { files: [mine.jsonl] }\n');
  const refused = demo(folder.file('mine'), '--force');
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('Name a new folder.') });
  expect(readFileSync(folder.file('mine/winnow.yaml'), 'utf8')).toContain('mine.jsonl');
});
