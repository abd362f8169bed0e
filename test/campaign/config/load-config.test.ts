import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../../src/campaign/config/load-config.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const POOL = 'pool:\n  files: [../a.jsonl]\n';

it('finds winnow.yaml in a folder, and takes any other file by its name', async () => {
  const path = folder.write('winnow.yaml', POOL);
  const other = folder.write('other.yml', `${POOL}seed: 7\n`);
  expect(await loadConfig(folder.path)).toMatchObject({ path, text: POOL, config: { seed: 0 } });
  expect(await loadConfig(other)).toMatchObject({ path: other, config: { seed: 7 } });
});

it('leaves the paths in it as they are written', async () => {
  folder.write('winnow.yaml', POOL);
  expect((await loadConfig(folder.path)).config.pool.files).toEqual(['../a.jsonl']);
});

it('names the file in its errors as the user would find it', async () => {
  const path = folder.write('bad.yaml', `${POOL}seed: x\n`);
  await expect(loadConfig(path)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `${path}:3: seed is "x"; it must be a whole number.`,
  });
});

it('says how to create what is not there', async () => {
  const empty = folder.file('empty');
  mkdirSync(empty);
  await expect(loadConfig(empty)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `There is no winnow.yaml in ${empty}.`,
    hint: expect.stringContaining('winnow init'),
  });
  await expect(loadConfig(join(empty, 'mine.yaml'))).rejects.toThrow(`There is no mine.yaml in ${empty}.`);
  await expect(loadConfig(join(empty, 'nowhere'))).rejects.toThrow(`There is no folder ${empty}/nowhere.`);
});

it('refuses what is not text, and a folder in its place', async () => {
  const path = folder.write('binary.yaml', new Uint8Array([0x70, 0xff, 0xfe]));
  await expect(loadConfig(path)).rejects.toThrow(`${path} is not valid UTF-8.`);
  const odd = folder.file('odd');
  mkdirSync(join(odd, 'winnow.yaml'), { recursive: true });
  await expect(loadConfig(odd)).rejects.toThrow('it is a folder');
});
