import type Database from 'better-sqlite3';
import { z } from 'zod';
import { type Conversation, type ConversationContext, identityText, requestText } from '../domain/conversation.ts';
import { type Instruction, isJsonObject, textHash } from '../domain/instruction.ts';
import { isPlaceholder } from '../domain/placeholders.ts';
import type { Pool } from '../domain/pool.ts';
import { jsonColumn, jsonObject, RowShape } from './row-shape.ts';
import { type ReadItem, storedItems } from './stored-items.ts';
import { transact } from './transact.ts';

const poolFileRow = z.object({
  path: z.string(),
  /** SHA-256 of its bytes, hex. */
  contentHash: z.string(),
  records: z.int(),
  /** How many of them were new. */
  added: z.int(),
  badRecords: z.int(),
});
/** A pool file as it was when it was last added. */
export type PoolFile = Readonly<z.output<typeof poolFileRow>>;
const poolFiles = new RowShape('pool_file', poolFileRow, ['path']);

/** Written by this store alone. */
const conversationContext = z.custom<ConversationContext>(isJsonObject);

const items = new RowShape(
  'item',
  z.object({
    id: z.string(),
    instruction: z.string(),
    input: z.string().nullable(),
    output: z.string().nullable(),
    context: jsonColumn(conversationContext).nullable(),
    conversation: z.string().nullable(),
    record: jsonColumn(jsonObject),
    line: z.int(),
    file: z.string(),
    characters: z.int(),
  }),
  ['id'],
);
const conversations = new RowShape(
  'item',
  z.object({
    instruction: z.string(),
    input: z.string().nullable(),
    context: jsonColumn(conversationContext).nullable(),
  }),
  ['instruction'],
);
const positions = new RowShape('item', z.int());
const ids = new RowShape('item', z.string());
const aliasPositions = new RowShape('item_alias', z.int());

const HASH_DIGITS_IN_SUFFIX = 8;

/**
 * The instructions of a campaign. A position is never reused: instructions are only added, and a changed file adds
 * the ones that are new in it.
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
    const statement = this.#database.prepare(
      `SELECT path, content_hash AS contentHash, records, added, bad_records AS badRecords FROM pool_file
       WHERE id IN (SELECT max(id) FROM pool_file GROUP BY path) ORDER BY id`,
    );
    return poolFiles.all(statement);
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
    return positions.only(this.#prepare('SELECT coalesce(max(position) + 1, 0) FROM item').pluck());
  }

  /** By position, as they are now: read when they are looked at, while the store is open. */
  all(): readonly Instruction[] {
    const statement = this.#prepare(
      `SELECT item.id, instruction, input, output, context, conversation, record, line, pool_file.path AS file,
         length(instruction) + coalesce(length(output), 0) + coalesce(length(context), 0) + length(record) AS characters
       FROM item JOIN pool_file ON pool_file.id = item.pool_file_id
       WHERE position >= ? AND position < ? ORDER BY position`,
    );
    return storedItems(this.count(), (first, rows) => items.all(statement, first, first + rows).map(readItem));
  }

  /** Whether any item names its conversation. O(items). */
  haveConversations(): boolean {
    const statement = this.#prepare('SELECT EXISTS (SELECT 1 FROM item WHERE conversation IS NOT NULL)');
    return positions.only(statement.pluck()) === 1;
  }

  /** Position of an id, an alias of a merged record among them. */
  find(id: string): number | undefined {
    // Lone surrogates are stored as U+FFFD.
    const stored = id.toWellFormed();
    return (
      positions.first(this.#prepare('SELECT position FROM item WHERE id = ?').pluck(), stored) ??
      aliasPositions.first(this.#prepare('SELECT position FROM item_alias WHERE id = ?').pluck(), stored)
    );
  }

  /** What is asked at a position. @throws Error where there is no such position */
  conversationAt(position: number): Conversation {
    const statement = this.#prepare('SELECT instruction, input, context FROM item WHERE position = ?');
    const row = conversations.first(statement, position);
    if (row === undefined) throw new Error(`There is no item at position ${position}.`);
    const { instruction, input, context } = row;
    return { instruction, ...(input === null ? {} : { input }), ...(context === null ? {} : { context }) };
  }

  /** @throws Error where there is no such position */
  idOf(position: number): string {
    const id = ids.first(this.#prepare('SELECT id FROM item WHERE position = ?').pluck(), position);
    if (id === undefined) throw new Error(`There is no item at position ${position}.`);
    return id;
  }

  /** Statements are kept: adding a pool runs the same ones a hundred thousand times. */
  #prepare(sql: string): Database.Statement {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #countNew(pool: Pool): number {
    return pool.instructions.filter((item) => this.#positionOf(item) === undefined).length;
  }

  /** Of the item that says the same, or was read from the same record by a version that knew no conversations. */
  #positionOf(item: Instruction): number | undefined {
    return this.#positionOfHash(textHash(identityText(item))) ?? this.#positionOfEarlier(item);
  }

  #positionOfHash(hash: string): number | undefined {
    return positions.first(this.#prepare('SELECT position FROM item WHERE text_hash = ?').pluck(), hash);
  }

  /**
   * Earlier versions read some records in another way: see `earlierTexts`. An item of such a text is this one if it was
   * made of the same record.
   */
  #positionOfEarlier(item: Instruction): number | undefined {
    const earlier = this.#prepare(
      'SELECT position FROM item WHERE text_hash = ? AND context IS NULL AND record = ?',
    ).pluck();
    for (const text of earlierTexts(item)) {
      const position = positions.first(earlier, textHash(text), JSON.stringify(item.record));
      if (position !== undefined) return position;
    }
    return undefined;
  }

  #addItem(item: Instruction, fileId: number | bigint, position: number): number {
    const there = this.#positionOf(item);
    if (there !== undefined) {
      this.#addAlias(item.id, there);
      return there;
    }
    const hash = textHash(identityText(item));
    this.#prepare(
      `INSERT INTO item (position, id, text_hash, pool_file_id, line, instruction, input, output, context,
           conversation, record)
         VALUES (@position, @id, @hash, @fileId, @line, @instruction, @input, @output, @context, @conversation, @record)`,
    ).run({
      position,
      id: this.#freeId(item.id.toWellFormed(), hash),
      hash,
      fileId,
      line: item.source.line,
      instruction: item.instruction.toWellFormed(),
      input: item.input?.toWellFormed() ?? null,
      output: item.output?.toWellFormed() ?? null,
      context: item.context === undefined ? null : JSON.stringify(item.context),
      conversation: item.conversation?.toWellFormed() ?? null,
      record: JSON.stringify(item.record),
    });
    return position;
  }

  /** Two files may use the same id for different texts: the later one gets a suffix from the hash of its text. */
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

function readItem({
  input,
  output,
  context,
  conversation,
  file,
  line,
  characters,
  ...item
}: ReturnType<typeof items.all>[number]): ReadItem {
  return {
    characters,
    item: {
      ...item,
      ...(input === null ? {} : { input }),
      ...(output === null ? {} : { output }),
      ...(context === null ? {} : { context }),
      ...(conversation === null ? {} : { conversation }),
      meta: {},
      source: { file, line },
    },
  };
}

/**
 * What winnow 0.1 took for the item: of a conversation the first request, or the text beside its history; a placeholder
 * such as `<noinput>` as an input; of a record with `instances` the instruction alone.
 */
function earlierTexts({ instruction, input, context, record }: Instruction): readonly string[] {
  // A conversation that is written out as one text was that text.
  const written = Object.values(record).filter(
    (value) => typeof value === 'string' && value.length > instruction.length && value.includes(instruction),
  ) as readonly string[];
  if (context !== undefined) {
    const request = requestText({ instruction, ...(input === undefined ? {} : { input }) });
    const first = context.before.find(({ role }) => role === 'user')?.text;
    return [...(first === undefined ? [] : [first]), request, ...written];
  }
  if (Array.isArray(record.instances)) return [instruction];
  const noInputs = Object.values(record)
    .filter((value) => typeof value === 'string')
    .filter((value) => isPlaceholder(value, false))
    .map((placeholder) => requestText({ instruction, input: placeholder }));
  return [...written, ...noInputs];
}
