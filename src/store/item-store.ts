import type Database from 'better-sqlite3';
import { embeddingText, type Instruction, type JsonObject, textHash } from '../domain/instruction.ts';
import type { Pool } from '../domain/pool.ts';
import { transact } from './transact.ts';

/** A pool file as it was when it was last added. */
export interface PoolFile {
  readonly path: string;
  /** SHA-256 of its bytes, hex. */
  readonly contentHash: string;
  readonly records: number;
  /** How many of them were new. */
  readonly added: number;
  readonly badRecords: number;
}

const HASH_DIGITS_IN_SUFFIX = 8;

/**
 * The instructions of a campaign. A position, once given, is never given to another: files are only ever added to, and
 * one that changed adds what is new in it.
 */
export class ItemStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };
  readonly #statements = new Map<string, Database.Statement>();

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Every file, as it was last added. */
  files(): PoolFile[] {
    return this.#database
      .prepare(
        `SELECT path, content_hash AS contentHash, records, added, bad_records AS badRecords FROM pool_file
         WHERE id IN (SELECT max(id) FROM pool_file GROUP BY path) ORDER BY id`,
      )
      .all() as PoolFile[];
  }

  /** In one transaction: the file and all of its instructions that are not there yet. */
  addFile(path: string, contentHash: string, pool: Pool): PoolFile {
    return transact(this.#database, () => {
      const added = this.#countNew(pool);
      const fileId = this.#database
        .prepare(
          `INSERT INTO pool_file (path, content_hash, records, added, bad_records, created_at_ms)
           VALUES (?, ?, ?, ?, ?, ?)`,
        )
        .run(
          path,
          contentHash,
          pool.positionOfRow.length,
          added,
          pool.badRecordCount,
          this.#clock.now(),
        ).lastInsertRowid;
      let next = this.count();
      const positions = pool.instructions.map((item) => {
        const position = this.#addItem(item, fileId, next);
        if (position === next) next += 1;
        return position;
      });
      for (const [id, index] of pool.mergedIds) this.#addAlias(id, positions[index]!);
      return {
        path,
        contentHash,
        records: pool.positionOfRow.length,
        added,
        badRecords: pool.badRecordCount,
      };
    });
  }

  count(): number {
    // Positions have no gaps, and counting rows would read them all.
    return this.#prepare('SELECT coalesce(max(position) + 1, 0) FROM item').pluck().get() as number;
  }

  /** By position. */
  all(): Instruction[] {
    const rows = this.#database
      .prepare(
        `SELECT item.id, instruction, input, output, record, line, pool_file.path AS file
         FROM item JOIN pool_file ON pool_file.id = item.pool_file_id ORDER BY position`,
      )
      .all() as ItemRow[];
    return rows.map(({ input, output, record, file, line, ...item }) => ({
      ...item,
      ...(input === null ? {} : { input }),
      ...(output === null ? {} : { output }),
      meta: {},
      record: JSON.parse(record) as JsonObject,
      source: { file, line },
    }));
  }

  /** Position of an id, an alias of a merged record among them. */
  find(id: string): number | undefined {
    // Lone surrogates are kept as U+FFFD, and must be looked for as that.
    const kept = id.toWellFormed();
    const found =
      this.#prepare('SELECT position FROM item WHERE id = ?').pluck().get(kept) ??
      this.#prepare('SELECT position FROM item_alias WHERE id = ?').pluck().get(kept);
    return found as number | undefined;
  }

  /** @throws Error where there is no such position */
  idOf(position: number): string {
    const id = this.#prepare('SELECT id FROM item WHERE position = ?').pluck().get(position);
    if (id === undefined) throw new Error(`There is no item at position ${position}.`);
    return id as string;
  }

  /** A pool asks the same a hundred thousand times. */
  #prepare(sql: string): Database.Statement {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #countNew(pool: Pool): number {
    return pool.instructions.filter((item) => this.#positionOf(textHash(embeddingText(item))) === undefined).length;
  }

  #positionOf(hash: string): number | undefined {
    return this.#prepare('SELECT position FROM item WHERE text_hash = ?').pluck().get(hash) as number | undefined;
  }

  #addItem(item: Instruction, fileId: number | bigint, position: number): number {
    const hash = textHash(embeddingText(item));
    const there = this.#positionOf(hash);
    if (there !== undefined) {
      this.#addAlias(item.id, there);
      return there;
    }
    this.#prepare(
      `INSERT INTO item (position, id, text_hash, pool_file_id, line, instruction, input, output, record)
         VALUES (@position, @id, @hash, @fileId, @line, @instruction, @input, @output, @record)`,
    ).run({
      position,
      id: this.#freeId(item.id.toWellFormed(), hash),
      hash,
      fileId,
      line: item.source.line,
      instruction: item.instruction.toWellFormed(),
      input: item.input?.toWellFormed() ?? null,
      output: item.output?.toWellFormed() ?? null,
      record: JSON.stringify(item.record),
    });
    return position;
  }

  /** Two files may number their records alike: the later one's ids are told apart by their texts. */
  #freeId(id: string, hash: string): string {
    let free = id;
    while (this.find(free) !== undefined) free += `#${hash.slice(0, HASH_DIGITS_IN_SUFFIX)}`;
    return free;
  }

  #addAlias(id: string, position: number): void {
    if (this.find(id) !== undefined) return;
    this.#database.prepare('INSERT INTO item_alias (id, position) VALUES (?, ?)').run(id.toWellFormed(), position);
  }
}

interface ItemRow {
  readonly id: string;
  readonly instruction: string;
  readonly input: string | null;
  readonly output: string | null;
  readonly record: string;
  readonly line: number;
  readonly file: string;
}
