import Database from 'better-sqlite3';
import { EmbeddingError } from '../../domain/errors.ts';
import { createPrivateFile } from '../../store/private-file.ts';
import type { VectorCache } from './cached-embedder.ts';

/** How long to wait for another process that is writing. */
const BUSY_TIMEOUT_MS = 30_000;
/** Raised when the tables change. The cache is then rebuilt: everything in it can be computed again. */
const SCHEMA_VERSION = 1;
const SCHEMA = `
  CREATE TABLE spaces (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE vectors (
    space_id INTEGER NOT NULL REFERENCES spaces (id),
    text_hash BLOB NOT NULL,
    -- float32, little-endian
    vector BLOB NOT NULL,
    UNIQUE (space_id, text_hash)
  ) STRICT;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

const FIND = `
  SELECT wanted.key AS position, vectors.vector
  FROM json_each(@hashes) AS wanted
  CROSS JOIN vectors ON vectors.text_hash = unhex(wanted.value)
  WHERE vectors.space_id = (SELECT id FROM spaces WHERE name = @space)`;
const ADD_SPACE = 'INSERT INTO spaces (name) VALUES (?) ON CONFLICT DO NOTHING';
const ADD_VECTOR = `
  INSERT INTO vectors (space_id, text_hash, vector)
  VALUES ((SELECT id FROM spaces WHERE name = ?), unhex(?), ?)
  ON CONFLICT DO NOTHING`;

/**
 * Vectors in one SQLite file, which several processes may use at once. A vector once stored is never
 * replaced. Writes are on the disk when `put` returns (`synchronous = FULL`): they may have been paid for.
 * Cost: `get` one query, O(log size) per hash; `put` one transaction.
 */
export class SqliteVectorCache implements VectorCache {
  readonly #path: string;
  readonly #database: Database.Database;

  /**
   * Opens the file, or makes it, with its folder.
   * @param path a file, or `:memory:`
   * @throws EmbeddingError when it cannot be opened or is not a vector cache of this version
   */
  constructor(path: string) {
    this.#path = path;
    this.#database = this.#explained(() => openDatabase(path));
  }

  get(space: string, hashes: readonly string[]): (Float32Array | undefined)[] {
    const vectors: (Float32Array | undefined)[] = new Array(hashes.length).fill(undefined);
    this.#explained(() => {
      const find = this.#database.prepare<[{ space: string; hashes: string }], { position: number; vector: Buffer }>(
        FIND,
      );
      for (const { position, vector } of find.iterate({ space, hashes: JSON.stringify(hashes) })) {
        vectors[position] = this.#decode(vector);
      }
    });
    return vectors;
  }

  put(space: string, hashes: readonly string[], vectors: readonly Float32Array[]): void {
    if (hashes.length !== vectors.length) {
      throw new RangeError(`${hashes.length} hashes do not go with ${vectors.length} vectors.`);
    }
    this.#explained(() => {
      const addVector = this.#database.prepare(ADD_VECTOR);
      const putAll = this.#database.transaction(() => {
        this.#database.prepare(ADD_SPACE).run(space);
        for (const [index, hash] of hashes.entries()) addVector.run(space, hash, encode(vectors[index]!));
      });
      // A write lock from the start: one that is asked for halfway cannot be waited for.
      putAll.immediate();
    });
  }

  close(): void {
    this.#database.close();
  }

  #decode(blob: Buffer): Float32Array {
    if (blob.length % Float32Array.BYTES_PER_ELEMENT !== 0) throw this.#unusable('it holds a vector cut short');
    // A copy, because a blob may begin anywhere and a Float32Array may not.
    return new Float32Array(blob.buffer.slice(blob.byteOffset, blob.byteOffset + blob.length) as ArrayBuffer);
  }

  #explained<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (error instanceof EmbeddingError || error instanceof RangeError) throw error;
      const { code, message } = error as NodeJS.ErrnoException;
      if (error instanceof ForeignFileError || code?.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
        throw this.#unusable(message, error);
      }
      if (code === 'SQLITE_BUSY') {
        throw new EmbeddingError(
          `Another process has kept the vector cache ${this.#path} locked for ${BUSY_TIMEOUT_MS / 1000} s.`,
          {
            hint: 'Wait until it has finished, then run the same command again.',
            cause: error,
          },
        );
      }
      throw new EmbeddingError(`The vector cache ${this.#path} cannot be used: ${message}.`, {
        hint: 'Check the permissions and the free space of its folder, or name another cache folder.',
        cause: error,
      });
    }
  }

  #unusable(why: string, cause?: unknown): EmbeddingError {
    return new EmbeddingError(`The vector cache ${this.#path} cannot be used: ${why}.`, {
      hint: `Delete ${this.#path} (and ${this.#path}-wal, ${this.#path}-shm); vectors are then embedded again.`,
      cause,
    });
  }
}

/** The file is a sound database, but not ours or not of this version. */
class ForeignFileError extends Error {}

function openDatabase(path: string): Database.Database {
  createPrivateFile(path);
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    // Looked at under the write lock, because another process may be making the tables right now.
    database
      .transaction(() => {
        const version = database.pragma('user_version', { simple: true });
        if (version === SCHEMA_VERSION) return;
        const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
        if (version !== 0 || tables !== 0) throw new ForeignFileError('it was not made by this version of winnow');
        database.exec(SCHEMA);
      })
      .immediate();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

// In memory's order, which is little-endian on every machine Node is released for except s390x.
function encode(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}
