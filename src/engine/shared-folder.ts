import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EngineError } from '../domain/errors.ts';

const FILE_NAME = /^[0-9a-f]{64}\.[a-z]+$/;
const HASH_BYTES = 32;
const FOLDER_DIGITS = 2;

/**
 * A folder that all machines see: NFS, EFS, gcsfuse, or a local one. Files are written under a temporary name and renamed,
 * so there is a whole file or none; each ends with its own hash, so one that a disk cut short counts as missing.
 */
export class SharedFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The content, or undefined where the file is missing or damaged. @throws EngineError when it cannot be read */
  async read(name: string): Promise<Uint8Array | undefined> {
    let bytes: Buffer;
    try {
      bytes = await readFile(this.#pathOf(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw unusable(this.path, error);
    }
    const content = bytes.subarray(0, Math.max(0, bytes.length - HASH_BYTES));
    return hashOf(content).equals(bytes.subarray(content.length)) ? content : undefined;
  }

  async has(name: string): Promise<boolean> {
    return (await this.read(name)) !== undefined;
  }

  /** @throws EngineError when it cannot be written */
  async write(name: string, content: Uint8Array): Promise<void> {
    const path = this.#pathOf(name);
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      await mkdir(dirname(path), { recursive: true });
      const handle = await open(temporary, 'wx');
      try {
        await handle.writeFile(content);
        await handle.writeFile(hashOf(content));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw unusable(this.path, error);
    }
  }

  #pathOf(name: string): string {
    // Names come over the network: none may lead out of the folder.
    if (!FILE_NAME.test(name)) throw new EngineError(`"${name}" is not the name of a shard's file.`);
    return join(this.path, name.slice(0, FOLDER_DIGITS), name);
  }
}

/** Names a file by what it follows from. @param extension letters */
export function fileNameOf(parts: readonly (string | Uint8Array)[], extension: string): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    hash.update(`${bytes.length}\n`).update(bytes);
  }
  return `${hash.digest('hex')}.${extension}`;
}

function hashOf(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}

function unusable(folder: string, cause: unknown): EngineError {
  return new EngineError(`The shared folder ${folder} cannot be used: ${(cause as Error).message}.`, {
    hint: 'Check that it is mounted, writable and not full.',
    cause,
  });
}
