import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

it('the demo runs a whole campaign on the pool that ships, and the failure rate falls', () => {
  const shown = execFileSync(process.execPath, ['--import', 'tsx', 'scripts/demo.ts', folder.file('demo')], {
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
