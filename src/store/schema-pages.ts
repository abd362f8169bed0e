import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { MIGRATIONS } from './migrations.ts';
import { migrate } from './open-database.ts';

const PAGE_SIZE_OFFSET = 16;
const USUAL_PAGE_SIZE = 4096;
const FILE_SIZE_OFFSET = 28;
const FREE_PAGES_OFFSETS = [32, 36];
const CHANGE_COUNTER_OFFSET = 24;
const VALID_FOR_OFFSET = 92;
/** Without a write-ahead log. */
const LOG_OFFSETS = [18, 19];

/**
 * Writes the list of tables, and the header before it, into a file that lost them. All files that one version of the
 * schema created have the list, and the beginnings of the tables, on the same pages.
 * @param version of the schema that created the file
 * Source: sqlite.org/fileformat.html
 */
export function replaceSchemaPages(path: string, version: number): void {
  const pageSize = pageSizeOf(path);
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
    for (const number of numbers.filter((page) => page <= pages)) {
      const start = (number - 1) * pageSize;
      writeSync(file, bytes, start, pageSize, start);
    }
  } finally {
    closeSync(file);
  }
}

function pageSizeOf(path: string): number {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(2);
  readSync(file, bytes, 0, 2, PAGE_SIZE_OFFSET);
  closeSync(file);
  const size = bytes.readUInt16BE();
  return size >= 512 && Number.isInteger(Math.log2(size)) ? size : USUAL_PAGE_SIZE;
}
