import { randomUUID } from 'node:crypto';
import {
  constants,
  copyFile,
  type FileHandle,
  link,
  open,
  realpath,
  rename,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OutputError } from '../domain/errors.ts';
import { PRIVATE_FILE } from '../domain/file-permissions.ts';

/** What a file is made of: text is written as UTF-8. */
export type FileContent = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * Checks that a file can be put at `path`, before work is spent on its content.
 * @returns where it will be: `path`, or what it links to
 * @throws OutputError when its folder is missing, or something other than a file is there
 */
export async function resolveTarget(path: string): Promise<string> {
  const there = await statOrUndefined(path);
  if (there !== undefined && !there.isFile()) {
    const what = there.isDirectory() ? 'it is a folder' : 'it is not a regular file';
    throw new OutputError(`"${path}" cannot be written: ${what}.`, { hint: 'Give the name of a file.' });
  }
  if (there !== undefined) return realpath(path);
  const folder = dirname(path);
  const parent = await statOrUndefined(folder);
  if (parent?.isDirectory() === true) return path;
  const what = parent === undefined ? `there is no folder "${folder}"` : `"${folder}" is not a folder`;
  throw new OutputError(`"${path}" cannot be written: ${what}.`, {
    hint: 'Create the folder first, or write somewhere else.',
  });
}

export interface WriteOptions {
  /** Only this user may read a new file. */
  readonly isPrivate?: boolean;
  /** The file must not be there yet, not even from another process that writes it at the same time. */
  readonly mustBeNew?: boolean;
}

const PUBLIC_FILE = 0o666;

/**
 * Writes a file so that at every moment either the old one or the whole new one is there: to a temporary
 * file beside it, flushed to the disk, then renamed. A link is followed; permissions of an old file are kept.
 * @throws OutputError when it cannot be written, or is there but must be new; the old file is untouched and the
 *   temporary one removed. What the content itself throws is thrown as it is
 */
export async function writeFileAtomically(
  path: string,
  content: FileContent,
  { isPrivate = false, mustBeNew = false }: WriteOptions = {},
): Promise<void> {
  const target = await resolveTarget(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    const mode = (await statOrUndefined(target))?.mode;
    const handle = await open(temporary, 'wx', isPrivate ? PRIVATE_FILE : PUBLIC_FILE);
    try {
      if (mode !== undefined) await handle.chmod(mode);
      await writeFile(handle, content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (mustBeNew) await publishNew(temporary, target);
    else await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw writeFailure(path, error);
  }
  await syncFolder(dirname(target));
}

/** Gives a file its name, unless that is taken: of two processes, one succeeds. */
async function publishNew(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    // Some disks have no hard links.
    await copyFile(temporary, target, constants.COPYFILE_EXCL);
  }
  await unlink(temporary);
}

/** Makes the rename itself durable, where the system can do that. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // Windows and some network drives cannot; the file itself is safe already.
  } finally {
    await handle?.close();
  }
}

async function statOrUndefined(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw writeFailure(path, error);
  }
}

function writeFailure(path: string, error: unknown): unknown {
  const reason = REASONS.get(codeOf(error) ?? '');
  if (reason === undefined) return error;
  return new OutputError(`"${path}" cannot be written: ${reason.what}.`, { hint: reason.hint, cause: error });
}

const REASONS: ReadonlyMap<string, { readonly what: string; readonly hint: string }> = new Map([
  ['EEXIST', { what: 'another process has just written it', hint: 'Check that file.' }],
  ['ENOSPC', { what: 'the disk is full', hint: 'Free some space, or write somewhere else.' }],
  ['EDQUOT', { what: 'the disk quota is used up', hint: 'Free some space, or write somewhere else.' }],
  ['EROFS', { what: 'the disk is read-only', hint: 'Write somewhere else.' }],
  ['EACCES', { what: 'permission denied', hint: 'Check the permissions of its folder, or write somewhere else.' }],
  ['EPERM', { what: 'permission denied', hint: 'Check the permissions of its folder, or write somewhere else.' }],
  ['ENAMETOOLONG', { what: 'its name is too long', hint: 'Give it a shorter name.' }],
  ['ENOTDIR', { what: 'a part of the path is not a folder', hint: 'Check the path.' }],
]);

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
