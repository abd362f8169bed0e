import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import envPaths from 'env-paths';
import { PoolError } from '../../domain/errors.ts';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../../domain/file-permissions.ts';
import type { OnProgress } from '../../domain/progress.ts';
import { remoteFailure } from './remote-failure.ts';
import type { RemoteAccess, RemoteFile } from './remote-store.ts';

/** Tries in a row that bring not a single byte. */
const MOST_FAILURES = 3;
const MEGABYTE = 1e6;

/** A file of a server as it lies on this machine. */
export interface LocalCopy {
  readonly path: string;
  /** As the server has it; the hash of the content where it has none. */
  readonly version: string;
}

/**
 * Downloads a file once: it is kept in the cache folder under its version, and an interrupted download goes on where it
 * stopped. The content is checked against the hash and the size that the server told.
 * @throws PoolError when it cannot be downloaded whole; the signal's reason when it aborts
 */
export async function localCopy(
  file: RemoteFile,
  {
    access,
    signal,
    onProgress,
  }: { access: RemoteAccess; signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined },
): Promise<LocalCopy> {
  const folder = join(access.cacheFolder ?? envPaths('winnow', { suffix: '' }).cache, 'files');
  await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const { version } = file;
  const named = (name: string) => join(folder, createHash('sha256').update(name).digest('hex'));
  const path = named(JSON.stringify([file.digest?.hex ?? file.address, version ?? null]));
  if (version !== undefined && (await sizeOf(path)) !== undefined) return { path, version };
  const part = `${path}.part`;
  try {
    // The server tells no versions: what is left of an earlier download may be of other content.
    if (version === undefined) await rm(part, { force: true });
    await download(file, part, signal, onProgress);
    await check(file, part);
    const content = version ?? (await digestOf(part, createHash('sha256')));
    const target = version === undefined ? named(content) : path;
    await rename(part, target);
    return { path: target, version: content };
  } catch (error) {
    signal?.throwIfAborted();
    throw remoteFailure(file.name, error, 'Check that you may read it.', access);
  }
}

/** Goes on after a broken connection, as long as each try brings something. */
async function download(file: RemoteFile, part: string, signal?: AbortSignal, onProgress?: OnProgress): Promise<void> {
  for (let failures = 0; ; ) {
    const before = (await sizeOf(part)) ?? 0;
    if (file.bytes !== undefined && before >= file.bytes && before > 0) return;
    try {
      await append(file, part, before, signal, onProgress);
      const size = (await sizeOf(part)) ?? 0;
      if (file.bytes === undefined || size >= file.bytes) return;
      throw new Error(`the connection ended after ${size} of ${file.bytes} bytes`);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof PoolError) throw error;
      failures = ((await sizeOf(part)) ?? 0) > before ? 0 : failures + 1;
      if (failures >= MOST_FAILURES) throw error;
    }
  }
}

async function append(file: RemoteFile, part: string, from: number, signal?: AbortSignal, onProgress?: OnProgress) {
  const { start, bytes } = await file.open(from, signal);
  const handle: FileHandle = await open(part, start === 0 ? 'w' : 'a', PRIVATE_FILE);
  try {
    let done = start;
    for await (const chunk of bytes) {
      signal?.throwIfAborted();
      await handle.write(chunk);
      done += chunk.length;
      onProgress?.({
        phase: 'download',
        done: megabytes(done),
        ...(file.bytes === undefined ? {} : { total: megabytes(file.bytes) }),
      });
    }
  } finally {
    await handle.close();
  }
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / MEGABYTE);
}

/** @throws PoolError after removing what is not what it should be */
async function check({ name, bytes, digest }: RemoteFile, part: string): Promise<void> {
  const size = (await sizeOf(part)) ?? 0;
  const hash = digest?.kind === 'git' ? createHash('sha1').update(`blob ${size}\0`) : createHash('sha256');
  const isRight =
    (bytes === undefined || size === bytes) && (digest === undefined || (await digestOf(part, hash)) === digest.hex);
  if (isRight) return;
  await rm(part, { force: true });
  throw new PoolError(`What was downloaded of "${name}" is not what the server has: its hash or size differs.`, {
    hint: 'Run again to download it again.',
    data: { file: name },
  });
}

async function digestOf(path: string, hash: Hash): Promise<string> {
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}
