import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KEY_FILE, readSigningKey, signature } from '../../../src/annotate/server/signing-key.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const home = temporaryFolder();
const newFolder = (name: string) => {
  mkdirSync(home.file(name));
  return home.file(name);
};

test('is made once, for the owner alone, and read from then on', () => {
  const folder = newFolder('first');
  const key = readSigningKey(folder, randomBytes);
  expect(Buffer.from(key, 'base64url')).toHaveLength(32);
  expect(readSigningKey(folder, randomBytes)).toBe(key);
  expect(readdirSync(folder)).toEqual([KEY_FILE]);
  expect(statSync(`${folder}/${KEY_FILE}`).mode & 0o777).toBe(0o600);
});

test('is the other process’s where it was quicker', () => {
  const folder = newFolder('race');
  let other: string | undefined;
  const mine = readSigningKey(folder, (count) => {
    // The other process makes its key while this one makes its own.
    if (count === 32) other = readSigningKey(folder, randomBytes);
    return randomBytes(count);
  });
  expect(mine).toBe(other);
  expect(readdirSync(folder)).toEqual([KEY_FILE]);
});

test('is not replaced where the file is damaged', () => {
  const folder = newFolder('damaged');
  home.write(`damaged/${KEY_FILE}`, 'half a k');
  expect(() => readSigningKey(folder, randomBytes)).toThrow(/winnow\.key is damaged/);
});

test('signs parts, not their concatenation', () => {
  expect(signature('key', ['a', 'b'])).not.toBe(signature('key', ['ab', '']));
  expect(signature('key', ['a'])).not.toBe(signature('other', ['a']));
  expect(signature('key', ['a', 1])).toMatch(/^[\w-]{43}$/);
});
