import { createHmac } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../domain/errors.ts';
import { PRIVATE_FILE } from '../../domain/file-permissions.ts';

/** In the campaign's folder, for the owner alone. Deleting it makes new links for everyone. */
export const KEY_FILE = 'winnow.key';
const KEY_BYTES = 32;
const KEY = /^[\w-]{43}\n?$/;

/**
 * The key that the links and cookies of a campaign follow from. Makes one where there is none; of two processes that do
 * so at once, both get the same.
 * @param randomBytes from a cryptographically secure source
 * @throws UsageError if the file contains something else
 */
export function readSigningKey(folder: string, randomBytes: (count: number) => Buffer): string {
  const path = join(folder, KEY_FILE);
  const found = readKey(path);
  if (found !== undefined) return found;
  const made = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(made, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, { mode: PRIVATE_FILE, flag: 'wx' });
    // A file that exists is never replaced.
    linkSync(made, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(made, { force: true });
  }
  return readKey(path)!;
}

/** Proves that parts come from a holder of the key. */
export function signature(key: string, parts: readonly (string | number)[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
}

function readKey(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  if (KEY.test(text)) return text.trim();
  throw new UsageError(`${path} is damaged.`, 'Delete it. Everyone then needs a new link, which this command prints.');
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
