import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** Only the owner may read and write. */
export const PRIVATE_FILE = 0o600;
/** Only the owner may list and enter. */
export const PRIVATE_FOLDER = 0o700;

/**
 * Creates an empty file and its folders for this user alone, unless they exist: what exists keeps its permissions.
 * SQLite gives the files beside a database the same permissions.
 */
export function createPrivateFile(path: string): void {
  if (path === ':memory:') return;
  mkdirSync(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
  closeSync(openSync(path, 'a', PRIVATE_FILE));
}
