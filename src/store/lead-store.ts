import type Database from 'better-sqlite3';
import { z } from 'zod';
import { jsonColumn, RowShape } from './row-shape.ts';

/**
 * `decide`: a label becomes the result of its item; `undecide`: it no longer is. `send-back`: a person is asked to look at
 * their label again; `take-back`: they no longer are. `reopen`: an item needs more people; `close`: it no longer does.
 * `assign`: who may be given an item. `drop`: all labels of a person so far are left out; `restore`: they count again.
 * `adjust-pay`: a person is paid more or less.
 */
const LEAD_ACTION_KINDS = [
  'decide',
  'undecide',
  'send-back',
  'take-back',
  'reopen',
  'close',
  'assign',
  'drop',
  'restore',
  'adjust-pay',
] as const;

const actionRow = z.object({
  id: z.int(),
  kind: z.enum(LEAD_ACTION_KINDS),
  /** Null for what is about a person. */
  position: z.int().nullable(),
  /** Whom it is about; null for what is about an item alone. */
  annotator: z.string().nullable(),
  details: jsonColumn(
    z.object({
      /** Of `decide`: the label, and whether the lead wrote it. */
      label: z.int().optional(),
      isWritten: z.boolean().optional(),
      /** Of `reopen`: how many people should have answered, and the `drop` that made it necessary. */
      people: z.int().optional(),
      drop: z.int().optional(),
      /** Of `assign`: names; empty for everyone. */
      to: z.array(z.string()).optional(),
      /** Of `adjust-pay`; may be negative. */
      microUsd: z.int().optional(),
    }),
  ),
  comment: z.string().nullable(),
  /** The lead. */
  by: z.string(),
  /** Id of the last label at the time; 0 before the first one. */
  afterAnnotation: z.int(),
  atMs: z.int(),
});
/** One thing that a lead did. */
export type LeadAction = Readonly<z.output<typeof actionRow>>;
export type NewLeadAction = Pick<LeadAction, 'kind' | 'by'> &
  Partial<Pick<LeadAction, 'position' | 'annotator' | 'details' | 'comment'>>;
const actions = new RowShape('lead_action', actionRow, ['id']);

/** What leads decided about labels. Append-only: a later action undoes an earlier one. */
export class LeadStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** In the order they were made. */
  actions(): LeadAction[] {
    return actions.all(this.#select(''));
  }

  action(id: number): LeadAction | undefined {
    return actions.first(this.#select('WHERE id = ?'), id);
  }

  /** About one item, in the order they were made. */
  actionsOf(position: number): LeadAction[] {
    return actions.all(this.#select('WHERE position = ?'), position);
  }

  add({ kind, by, position = null, annotator = null, details = {}, comment = null }: NewLeadAction): LeadAction {
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO lead_action (kind, position, annotator, details, comment, by_whom, after_annotation, created_at_ms)
         VALUES (@kind, @position, @annotator, @details, @comment, @by, (SELECT coalesce(max(id), 0) FROM annotation),
           @atMs)`,
      )
      .run({
        kind,
        position,
        annotator,
        details: JSON.stringify(details),
        comment: comment?.toWellFormed() ?? null,
        by: by.toWellFormed(),
        atMs: this.#clock.now(),
      });
    return this.action(Number(lastInsertRowid))!;
  }

  #select(where: string): Database.Statement {
    return this.#database.prepare(
      `SELECT id, kind, position, annotator, details, comment, by_whom AS "by", after_annotation AS afterAnnotation,
         created_at_ms AS atMs
       FROM lead_action ${where} ORDER BY id`,
    );
  }
}
