import Database from 'better-sqlite3';
import { EmbeddingError } from '../../domain/errors.ts';
import { createPrivateFile } from '../../store/private-file.ts';
import type { VectorCache } from './cached-embedder.ts';

/** How long to wait for another process that is writing. */
const BUSY_TIMEOUT_MS = 30_000;
/**
 * Bytes of a page of new files. A vector takes some 1.6 KB: of 64 KB pages next to nothing stays empty, of SQLite's usual
 * 4 KB pages a quarter.
 */
const PAGE_BYTES = 65_536;
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

/** Texts that got no usable vector. Files of earlier versions lack the table. */
const REFUSED_TABLE = `
  CREATE TABLE refused (
    space_id INTEGER NOT NULL REFERENCES spaces (id),
    text_hash BLOB NOT NULL,
    UNIQUE (space_id, text_hash)
  ) STRICT`;
/** Earlier versions stored a vector of zeros as the first axis, which no model gives. */
const DELETE_FIRST_AXIS = `
  DELETE FROM vectors WHERE vector = CAST(x'0000803f' || zeroblob(length(vector) - 4) AS BLOB)`;

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

const FIND_REFUSED = `
  SELECT wanted.value AS hash
  FROM json_each(@hashes) AS wanted
  JOIN refused ON refused.text_hash = unhex(wanted.value)
  WHERE refused.space_id = (SELECT id FROM spaces WHERE name = @space)`;
const ADD_REFUSED = `
  INSERT INTO refused (space_id, text_hash) VALUES ((SELECT id FROM spaces WHERE name = ?), unhex(?))
  ON CONFLICT DO NOTHING`;
const FORGET_REFUSED = `
  DELETE FROM refused WHERE space_id = (SELECT id FROM spaces WHERE name = ?) AND text_hash = unhex(?)`;

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

  put(space: string, hashes: readonly string[], vectors: readonly (Float32Array | null)[]): void {
    if (hashes.length !== vectors.length) {
      throw new RangeError(`${hashes.length} hashes do not go with ${vectors.length} vectors.`);
    }
    this.#explained(() => {
      const addVector = this.#database.prepare(ADD_VECTOR);
      const refuse = this.#database.prepare(ADD_REFUSED);
      const forget = this.#database.prepare(FORGET_REFUSED);
      const putAll = this.#database.transaction(() => {
        this.#database.prepare(ADD_SPACE).run(space);
        for (const [index, hash] of hashes.entries()) {
          const vector = vectors[index];
          if (vector) addVector.run(space, hash, encode(vector));
          (vector ? forget : refuse).run(space, hash);
        }
      });
      // A write lock from the start: one that is asked for halfway cannot be waited for.
      putAll.immediate();
    });
  }

  refused(space: string, hashes: readonly string[]): ReadonlySet<string> {
    return this.#explained(() => {
      const find = this.#database.prepare<[{ space: string; hashes: string }], string>(FIND_REFUSED).pluck();
      return new Set(find.all({ space, hashes: JSON.stringify(hashes) }));
    });
  }

  close(): void {
    this.#database.close();
  }

  #decode(blob: Buffer): Float32Array {
    if (blob.length % Float32Array.BYTES_PER_ELEMENT !== 0) throw this.#unusable('it holds an incomplete vector');
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
    database.pragma(`page_size = ${PAGE_BYTES}`);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    // Looked at under the write lock, because another process may be making the tables right now.
    database
      .transaction(() => {
        const version = database.pragma('user_version', { simple: true });
        if (version === SCHEMA_VERSION) return addRefusedTable(database);
        const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
        if (version !== 0 || tables !== 0) throw new ForeignFileError('it was not made by this version of winnow');
        database.exec(SCHEMA);
        addRefusedTable(database);
      })
      .immediate();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Earlier versions read and write the file as before. */
function addRefusedTable(database: Database.Database): void {
  const isThere = database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'refused'").pluck().get();
  if (isThere) return;
  database.exec(REFUSED_TABLE);
  database.exec(DELETE_FIRST_AXIS);
}

// In memory's order, which is little-endian on every machine Node is released for except s390x.
function encode(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}
