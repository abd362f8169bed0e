import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../domain/file-permissions.ts';

/**
 * Creates an empty file and its folders for this user alone, unless they exist: what exists keeps its permissions.
 * SQLite gives the files beside a database the same permissions.
 */
export function createPrivateFile(path: string): void {
  if (path === ':memory:') return;
  mkdirSync(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
  closeSync(openSync(path, 'a', PRIVATE_FILE));
}
