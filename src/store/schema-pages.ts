import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { MIGRATIONS } from './migrations.ts';
import { migrate } from './open-database.ts';

const PAGE_SIZE_OFFSET = 16;
const HEADER_BYTES = 100;
/** The usual one first. */
const PAGE_SIZES = [4096, 1024];
const FILE_SIZE_OFFSET = 28;
const FREE_PAGES_OFFSETS = [32, 36];
const CHANGE_COUNTER_OFFSET = 24;
const VALID_FOR_OFFSET = 92;
/** Without a write-ahead log. */
const LOG_OFFSETS = [18, 19];

/** What a file may have been like before its first pages were lost. */
export interface SchemaGuess {
  readonly version: number;
  readonly pageSize: number;
  /** Whether only the header is lost, and not the list of tables behind it. */
  readonly headerOnly: boolean;
}

/** What a file may have been like, the likeliest first. */
export function schemaGuesses(path: string): SchemaGuess[] {
  const versions = [...MIGRATIONS.keys()].map((index) => index + 1).toReversed();
  return pageSizesOf(path).flatMap((pageSize) =>
    versions.flatMap((version) => [true, false].map((headerOnly) => ({ version, pageSize, headerOnly }))),
  );
}

/**
 * Writes the header, and the list of tables, into a file that lost them. All files that one version of the
 * schema created have the list, and the beginnings of the tables, on the same pages.
 * Source: sqlite.org/fileformat.html
 */
export function replaceSchemaPages(path: string, { version, pageSize, headerOnly }: SchemaGuess): void {
  const fresh = new Database(':memory:');
  fresh.pragma(`page_size = ${pageSize}`);
  migrate(fresh, 0, MIGRATIONS.slice(0, version));
  const numbers = fresh.prepare("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'").pluck().all() as number[];
  const bytes = fresh.serialize();
  fresh.close();
  const file = openSync(path, 'r+');
  try {
    const counter = Buffer.alloc(4);
    readSync(file, counter, 0, 4, CHANGE_COUNTER_OFFSET);
    const pages = Math.floor(fstatSync(file).size / pageSize);
    bytes.writeUInt32BE(pages, FILE_SIZE_OFFSET);
    for (const offset of FREE_PAGES_OFFSETS) bytes.writeUInt32BE(0, offset);
    for (const offset of [CHANGE_COUNTER_OFFSET, VALID_FOR_OFFSET]) counter.copy(bytes, offset);
    for (const offset of LOG_OFFSETS) bytes[offset] = 1;
    writeSync(file, bytes, 0, HEADER_BYTES, 0);
    for (const number of headerOnly ? [] : numbers.filter((page) => page <= pages)) {
      const start = (number - 1) * pageSize;
      writeSync(file, bytes, start, pageSize, start);
    }
  } finally {
    closeSync(file);
  }
}

function pageSizesOf(path: string): readonly number[] {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(2);
  readSync(file, bytes, 0, 2, PAGE_SIZE_OFFSET);
  closeSync(file);
  const size = bytes.readUInt16BE();
  return PAGE_SIZES.includes(size) ? [size] : PAGE_SIZES;
}
