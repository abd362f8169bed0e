import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const MADE = fileURLToPath(new URL('../fixtures/made-by-0.1/campaign-nearest/', import.meta.url));
const winnow = (...args: string[]) => runCli(args, { cwd: folder.path });

it('saves a damaged campaign: the error names the command, and the campaign goes on with the new file', async () => {
  for (const name of ['winnow.yaml', 'winnow.db', 'pool.jsonl', 'test.jsonl'])
    copyFileSync(`${MADE}${name}`, folder.file(name));
  const bytes = readFileSync(folder.file('winnow.db'));
  bytes.fill(0xa5, 0, 100);
  writeFileSync(folder.file('winnow.db'), bytes);

  const status = await winnow('status');
  expect(status.code).toBe(1);
  expect(status.stderr).toMatch(/winnow recover \S*winnow\.db/);

  const { code, stdout, stderr } = await winnow('recover', 'winnow.db');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Saved \d+ rows of winnow\.db in winnow\.recovered\.db\n\n {2}table +rows saved\n/);
  expect(stdout).toContain('Money that was spent for lost answers may be missing');

  copyFileSync(folder.file('winnow.recovered.db'), folder.file('winnow.db'));
  expect((await winnow('status')).code).toBe(0);
  const again = await winnow('recover', 'winnow.db', '--json', '-o', 'again.db');
  expect(JSON.parse(again.stdout)).toMatchObject({ from: 'winnow.db', to: 'again.db', rebuilt: false });
});

it('says what is wrong where nothing can be saved', async () => {
  writeFileSync(folder.file('text.db'), 'no state file\n');
  expect(await winnow('recover', 'text.db')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Nothing in text.db can be read.'),
  });
  expect(await winnow('recover', 'missing.db')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no file "missing.db".'),
  });
});
