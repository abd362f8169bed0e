import type Database from 'better-sqlite3';
import { z } from 'zod';
import { StateError } from '../domain/errors.ts';
import { isJsonObject, type JsonObject } from '../domain/instruction.ts';
import { recoverHint } from './state-damage.ts';

/**
 * The rows of one table as a statement selects them. Every row is checked: SQLite's own types allow any text in a
 * text column, and files get damaged. The check costs about a microsecond a row.
 */
export class RowShape<Schema extends z.ZodType> {
  readonly #table: string;
  readonly #schema: Schema;
  readonly #key: readonly string[] | string;

  /**
   * @param key how messages name the row: by these columns of it, or by this text; by default with its place among
   *   the rows read
   */
  constructor(table: string, schema: Schema, key: readonly string[] | string = []) {
    this.#table = table;
    this.#schema = schema;
    this.#key = key;
  }

  /** @throws StateError STATE_UNREADABLE for a damaged row, naming the table and the row */
  all(statement: Database.Statement, ...parameters: readonly unknown[]): z.output<Schema>[] {
    return statement.all(...parameters).map((row, index) => this.#read(row, index, statement.database));
  }

  /** The first row; undefined where there is none. @throws StateError as `all` does */
  first(statement: Database.Statement, ...parameters: readonly unknown[]): z.output<Schema> | undefined {
    const row = statement.get(...parameters);
    return row === undefined ? undefined : this.#read(row, 0, statement.database);
  }

  /** For a statement that always has a row, such as a count. @throws StateError as `all` does */
  only(statement: Database.Statement, ...parameters: readonly unknown[]): z.output<Schema> {
    return this.#read(statement.get(...parameters), 0, statement.database);
  }

  #read(row: unknown, index: number, database: Database.Database): z.output<Schema> {
    const read = this.#schema.safeParse(row);
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : `"${issue.path.join('.')}": `;
    const file = database.name;
    throw new StateError(
      'STATE_UNREADABLE',
      `${file} is damaged: table "${this.#table}", ${this.#rowName(row, index)}: ${where}${issue?.message}.`,
      { hint: recoverHint(file), cause: read.error, data: { file } },
    );
  }

  #rowName(row: unknown, index: number): string {
    if (typeof this.#key === 'string') return `row ${this.#key}`;
    if (this.#key.length === 0 || !isJsonObject(row)) return `row ${index + 1}`;
    return `row with ${this.#key.map((column) => `${column} ${JSON.stringify(row[column])}`).join(', ')}`;
  }
}

/** A column of JSON text, parsed. */
export function jsonColumn<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'Invalid JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/** Any JSON object. What is in it is not looked at. */
export const jsonObject = z.custom<JsonObject>(isJsonObject, 'Invalid input: expected a JSON object');

/** A column that holds 0 or 1. */
export const flagColumn = z.union([z.literal(0), z.literal(1)]).transform((flag) => flag === 1);
