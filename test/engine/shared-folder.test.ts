import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileNameOf, SharedFolder } from '../../src/engine/shared-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const temporary = temporaryFolder();
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const pathOf = (folder: SharedFolder, name: string) => join(folder.path, name.slice(0, 2), name);

test('a file that was written is read back, and no temporary one stays', async () => {
  const folder = new SharedFolder(temporary.file('whole'));
  const name = fileNameOf(['a'], 'texts');
  expect(await folder.read(name)).toBeUndefined();
  await folder.write(name, bytes('vectors'));
  expect(Buffer.from((await folder.read(name))!).toString()).toBe('vectors');
  expect(await folder.has(name)).toBe(true);
  expect(readdirSync(join(folder.path, name.slice(0, 2)))).toEqual([name]);
});

test('a file that was cut short or changed counts as missing, and can be written again', async () => {
  const folder = new SharedFolder(temporary.file('damaged'));
  const name = fileNameOf(['b'], 'texts');
  await folder.write(name, bytes('some vectors'));
  const path = pathOf(folder, name);
  const whole = readFileSync(path);
  for (const length of [whole.length - 1, 20, 0]) {
    truncateSync(path, length);
    expect(await folder.has(name)).toBe(false);
  }
  writeFileSync(path, Buffer.from(whole).fill('x', 0, 1));
  expect(await folder.has(name)).toBe(false);
  await folder.write(name, bytes('some vectors'));
  expect(await folder.has(name)).toBe(true);
});

test('a name that leads out of the folder is refused', async () => {
  const folder = new SharedFolder(temporary.file('safe'));
  for (const name of ['../../etc/passwd', '/etc/passwd', `${'a'.repeat(64)}.a/../b`, '']) {
    await expect(folder.read(name)).rejects.toMatchObject({ code: 'ENGINE' });
    await expect(folder.write(name, bytes('x'))).rejects.toMatchObject({ code: 'ENGINE' });
  }
});

test('a folder that cannot be written is named', async () => {
  const folder = new SharedFolder(temporary.write('a-file', ''));
  const writing = folder.write(fileNameOf(['c'], 'texts'), bytes('x'));
  await expect(writing).rejects.toMatchObject({ code: 'ENGINE', message: expect.stringContaining(folder.path) });
});

test('names follow from all parts and from where one ends', () => {
  const names = [['ab', 'c'], ['a', 'bc'], ['abc'], ['ab', 'd']].map((parts) => fileNameOf(parts, 'texts'));
  expect(new Set(names).size).toBe(4);
  expect(fileNameOf([bytes('ab'), 'c'], 'texts')).toBe(names[0]);
});
