import type { Turn } from '../../domain/conversation.ts';
import { jsonProblem } from '../../domain/foreign-json.ts';
import { isJsonObject, type JsonObject, type JsonValue, textHash } from '../../domain/instruction.ts';
import { readTurns } from './read-turns.ts';
import { splitTurns, type TurnChoice, type TurnItem } from './split-turns.ts';
import { type RoleNames, roleOf } from './turn-roles.ts';

/** Names of the conversation that a row belongs to. */
const CONVERSATION_FIELDS = [
  ...['message_tree_id', 'conversation_id', 'dialogue_id', 'dialog_id', 'thread_id', 'session_id', 'chat_id'],
] as const;
const TEXT_FIELDS = ['text', 'content', 'value', 'message'] as const;

interface MessageRow {
  readonly record: JsonObject;
  readonly line: number;
  readonly turn: Turn;
  readonly id: string | null;
  readonly parentId: string | null;
  readonly conversation: string | null;
  /** Of several replies to one message: the lowest is the best. */
  readonly rank: number;
}

/** A request that was found among rows. */
export interface RowItem {
  /** Where the request stands. */
  readonly line: number;
  readonly record: JsonObject;
  readonly id: string | null;
  readonly conversation: string;
  readonly item: TurnItem;
}

/**
 * Collects records that are one message each, and makes conversations of them: by parents, as in OASST's message lists,
 * or by the name of the conversation in the order of the rows. OASST's trees are such messages inside one record.
 * Memory: all such rows of a file.
 */
export class MessageRows {
  readonly #roles: RoleNames | undefined;
  readonly #rows: MessageRow[] = [];

  constructor(roles: RoleNames | undefined) {
    this.#roles = roles;
  }

  get count(): number {
    return this.#rows.length;
  }

  /** @returns whether the record is a message or a tree of them; then it is collected */
  add(record: JsonObject, line: number): boolean {
    const { prompt: root } = record;
    if (isJsonObject(root) && typeof root.role === 'string' && Array.isArray(root.replies)) {
      // What is too deep is reported as a bad record.
      if (jsonProblem(record) !== undefined) return false;
      this.#addTree(root, null, record, line);
      return true;
    }
    if (typeof record.role !== 'string') return false;
    const isMessage = Object.hasOwn(record, 'parent_id') || CONVERSATION_FIELDS.some((name) => isName(record[name]));
    const row = isMessage ? this.#rowOf(record, record, line) : undefined;
    if (row === undefined) return false;
    this.#rows.push(row);
    return true;
  }

  /**
   * The requests, in the order of their rows. `last` takes those that no later request follows, `first` those that begin a
   * conversation, `each` all. The response is the best reply.
   */
  items(choice: TurnChoice): RowItem[] {
    const parents = this.#parents();
    const replies = new Map<MessageRow, MessageRow[]>();
    for (const row of this.#rows) {
      const parent = parents.get(row);
      if (parent !== undefined) replies.set(parent, [...(replies.get(parent) ?? []), row]);
    }
    const isAsked = this.#isAsked(choice, parents);
    return this.#rows.filter(isAsked).map((row) => {
      const path = pathTo(row, parents);
      const [reply] = (replies.get(row) ?? [])
        .filter(({ turn }) => turn.role === 'assistant')
        .sort((a, b) => a.rank - b.rank);
      const turns = [...path, ...(reply === undefined ? [] : [reply])].map(({ turn }) => turn);
      const root = path[0]!;
      return {
        line: row.line,
        record: row.record,
        id: row.id,
        conversation: textHash(root.conversation ?? root.id ?? `${root.line}`).slice(0, 16),
        item: splitTurns(turns, 'last')[0]!,
      };
    });
  }

  #isAsked(choice: TurnChoice, parents: ReadonlyMap<MessageRow, MessageRow>): (row: MessageRow) => boolean {
    const asks = ({ turn }: MessageRow) => turn.role === 'user' && turn.text.trim() !== '';
    if (choice === 'each') return asks;
    const following = new Set<MessageRow>();
    for (const row of this.#rows.filter(asks)) {
      const earlier = pathTo(row, parents).slice(0, -1).filter(asks);
      if (choice === 'last') for (const one of earlier) following.add(one);
      else if (earlier.length > 0) following.add(row);
    }
    return (row) => asks(row) && !following.has(row);
  }

  /** By `parent_id` where rows have it, else the row before of the same conversation. */
  #parents(): Map<MessageRow, MessageRow> {
    const byId = new Map(this.#rows.flatMap((row) => (row.id === null ? [] : [[row.id, row] as const])));
    const last = new Map<string, MessageRow>();
    const parents = new Map<MessageRow, MessageRow>();
    for (const row of inOrder(this.#rows)) {
      const hasParents = Object.hasOwn(row.record, 'parent_id') || row.record.prompt !== undefined;
      const parent = hasParents
        ? row.parentId === null
          ? undefined
          : byId.get(row.parentId)
        : last.get(row.conversation ?? '');
      if (parent !== undefined && parent !== row) parents.set(row, parent);
      if (row.conversation !== null) last.set(row.conversation, row);
    }
    return parents;
  }

  #addTree(node: JsonObject, parentId: string | null, record: JsonObject, line: number): void {
    const row = this.#rowOf(node, record, line);
    if (row === undefined) return;
    const id = row.id ?? `${line}.${this.#rows.length}`;
    this.#rows.push({ ...row, id, parentId });
    const { replies } = node;
    if (!Array.isArray(replies)) return;
    for (const reply of replies) if (isJsonObject(reply)) this.#addTree(reply, id, record, line);
  }

  #rowOf(message: JsonObject, record: JsonObject, line: number): MessageRow | undefined {
    const field = TEXT_FIELDS.find((name) => typeof message[name] === 'string');
    if (field === undefined || roleOf(String(message.role), this.#roles) === undefined) return undefined;
    const read = readTurns([{ role: message.role!, content: message[field]! }], this.#roles);
    const turn = 'turns' in read ? read.turns[0] : undefined;
    if (turn === undefined) return undefined;
    const conversation = CONVERSATION_FIELDS.find((name) => isName(record[name]));
    return {
      record,
      line,
      turn,
      id: nameOf(message.message_id ?? message.id),
      parentId: nameOf(message.parent_id),
      conversation: conversation === undefined ? null : nameOf(record[conversation]),
      rank: typeof message.rank === 'number' ? message.rank : Number.MAX_SAFE_INTEGER,
    };
  }
}

/** Fields that number the messages of a conversation, or say when each was sent. */
const ORDER_FIELDS = [
  ...['turn', 'turn_id', 'turn_index', 'turn_number', 'turn_idx', 'message_index', 'message_number', 'index', 'idx'],
  ...['position', 'order', 'sequence', 'seq', 'step', 'created_at', 'timestamp', 'created_date', 'date', 'time', 'ts'],
] as const;

/** By the first field that gives each message of a conversation its place; else as they stand. Exports often begin with the newest. */
function inOrder(rows: readonly MessageRow[]): readonly MessageRow[] {
  const field = ORDER_FIELDS.find((name) => {
    const places = rows.map((row) => JSON.stringify([row.conversation, placeOf(row, name) ?? null]));
    return rows.every((row) => placeOf(row, name) !== undefined) && new Set(places).size === rows.length;
  });
  return field === undefined ? rows : rows.toSorted((a, b) => placeOf(a, field)! - placeOf(b, field)!);
}

function placeOf({ record }: MessageRow, field: string): number | undefined {
  const value = record[field];
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const place = /^\s*-?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : Date.parse(value);
  return Number.isNaN(place) ? undefined : place;
}

/** From the root to the row; a message that is its own ancestor ends it. */
function pathTo(row: MessageRow, parents: ReadonlyMap<MessageRow, MessageRow>): MessageRow[] {
  const path = new Set([row]);
  for (let at = parents.get(row); at !== undefined && !path.has(at); at = parents.get(at)) path.add(at);
  return [...path].reverse();
}

function isName(value: JsonValue | undefined): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

function nameOf(value: JsonValue | undefined): string | null {
  return isName(value) ? String(value) : null;
}
