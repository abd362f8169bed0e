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
  const rates = [...status.matchAll(/\n +\d +retrieval-r\d .*? (\d+\.\d) %/g)].map(([, rate]) => Number(rate));
  expect(rates).toHaveLength(3);
  const [first, second, third] = rates;
  expect(second!).toBeLessThan(first!);
  expect(third!).toBeLessThan(second!);
  expect(status).toContain('$52.00');
  expect(shown).toContain('$ winnow report');
  expect(readFileSync(folder.file('demo/winnow-report.html'), 'utf8')).toContain('retrieval-r3');
  for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(150);
});
