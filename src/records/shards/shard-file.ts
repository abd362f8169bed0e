import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { isDiskFull } from '../../domain/disk-full.ts';
import { PoolError } from '../../domain/errors.ts';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../../domain/file-permissions.ts';

/** Bytes that are written at once. */
const WRITE_BYTES = 2 ** 20;

/** Where bytes are in the file, and their checksum. */
export interface StoredBytes {
  readonly start: number;
  readonly length: number;
  readonly checksum: number;
}

/** Closes the file of a list that is not used any more. */
const OPEN_FILES = new FinalizationRegistry<number>(closeSync);

/**
 * A file that bytes are appended to and read back from. It is made when there is something to write, and loses its name at
 * once: the system removes it when the process ends, also when it is killed.
 */
export class ShardFile {
  readonly #folder: () => string;
  #file: number | undefined;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #written = 0;

  /** @param folder is asked when the first bytes come */
  constructor(folder: () => string) {
    this.#folder = folder;
  }

  /** Bytes appended so far. */
  get bytes(): number {
    return this.#written + this.#pendingBytes;
  }

  /** @throws PoolError where they cannot be written */
  append(bytes: Buffer): StoredBytes {
    const stored = { start: this.bytes, length: bytes.length, checksum: crc32(bytes) };
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= WRITE_BYTES) this.#flush();
    return stored;
  }

  /** @throws PoolError where the file does not hold what was written */
  read({ start, length, checksum }: StoredBytes): Buffer {
    if (start + length > this.#written) this.#flush();
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.#file!, bytes, done, length - done, start + done);
      if (read === 0) break;
      done += read;
    }
    if (done === length && crc32(bytes) === checksum) return bytes;
    throw new PoolError('The temporary file that holds the pool is damaged.', {
      hint: 'Run the command again. If this happens again, check the disk.',
    });
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#pending);
    try {
      this.#file ??= this.#open();
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, this.#written + done);
      }
    } catch (error) {
      const folder = this.#folder();
      const because = isDiskFull(error) ? 'the disk is full' : (error as Error).message;
      throw new PoolError(`The pool does not fit into memory and cannot be written to ${folder}: ${because}.`, {
        hint: 'Free some space there, or use a machine with more memory.',
        cause: error,
      });
    }
    this.#written += bytes.length;
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  #open(): number {
    const folder = this.#folder();
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    const path = join(folder, `pool-${crypto.randomUUID()}.tmp`);
    const file = openSync(path, 'wx+', PRIVATE_FILE);
    unlinkSync(path);
    OPEN_FILES.register(this, file);
    return file;
  }
}
