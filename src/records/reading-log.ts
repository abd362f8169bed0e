import type { FieldMapping, FileReading } from '../domain/pool.ts';
import type { ParsedRecord } from './parse-record.ts';

/** Counts what is read from one file. O(1) a record. */
export class ReadingLog {
  readonly #file: string;
  readonly #unit: string;
  readonly #mappings = new Map<string, { readonly mapping: FieldMapping; records: number }>();
  #last: { readonly mapping: FieldMapping; records: number } | undefined;
  readonly #placeholders = new Map<string, number>();
  readonly #leftOut = new Map<string, { records: number; readonly firstLine: number }>();
  readonly #tolerated = new Set<string>();
  readonly #counts = { records: 0, items: 0, conversations: 0, turns: 0, laterTurns: 0, recordsWithLaterTurns: 0 };
  readonly #more = { messages: 0, media: 0, recordsWithMedia: 0 };

  constructor(file: string, unit: string) {
    this.#file = file;
    this.#unit = unit;
  }

  sawRecord({ drafts, mapping, turns, laterTurns = 0, media = 0, placeholders, unread }: ParsedRecord): void {
    const counts = this.#counts;
    counts.records += 1;
    counts.items += drafts.length;
    this.#countMapping(mapping);
    for (const name of unread ?? []) {
      this.#tolerated.add(`the field "${name}" holds a list or an object, which is not read; it stays with the record`);
    }
    if (turns === undefined && media === 0 && placeholders === undefined) return;
    if (turns !== undefined) {
      counts.conversations += 1;
      counts.turns += turns;
    }
    if (laterTurns > 0) {
      counts.laterTurns += laterTurns;
      counts.recordsWithLaterTurns += 1;
    }
    if (media > 0) {
      this.#more.media += media;
      this.#more.recordsWithMedia += 1;
    }
    for (const role of placeholders ?? []) this.#placeholders.set(role, (this.#placeholders.get(role) ?? 0) + 1);
  }

  /** Neighbouring records are mostly alike. */
  #countMapping(mapping: FieldMapping): void {
    const last = this.#last;
    if (last !== undefined && isSame(last.mapping, mapping)) {
      last.records += 1;
      return;
    }
    const { instruction = '', input = '', output = '', id = '', conversation = [] } = mapping;
    const key = JSON.stringify([instruction, input, output, id, conversation]);
    const counted = this.#mappings.get(key) ?? { mapping, records: 0 };
    counted.records += 1;
    this.#mappings.set(key, counted);
    this.#last = counted;
  }

  /** @param items that were made of them */
  sawMessages(messages: number, items: number): void {
    this.#counts.records += messages;
    this.#counts.items += items;
    this.#more.messages += messages;
  }

  leftOut(cause: string, line: number): void {
    const known = this.#leftOut.get(cause);
    if (known === undefined) this.#leftOut.set(cause, { records: 1, firstLine: line });
    else known.records += 1;
  }

  tolerated(what: string): void {
    this.#tolerated.add(what);
  }

  reading(): FileReading {
    const byCount = (a: { readonly records: number }, b: { readonly records: number }) => b.records - a.records;
    return {
      file: this.#file,
      unit: this.#unit,
      ...this.#counts,
      ...this.#more,
      mappings: [...this.#mappings.values()].sort(byCount),
      placeholders: [...this.#placeholders].map(([role, records]) => ({ role, records })),
      leftOut: [...this.#leftOut].map(([cause, counted]) => ({ cause, ...counted })),
      tolerated: [...this.#tolerated],
    };
  }
}

function isSame(a: FieldMapping, b: FieldMapping): boolean {
  return (
    a.instruction === b.instruction &&
    a.input === b.input &&
    a.output === b.output &&
    a.id === b.id &&
    a.conversation === b.conversation
  );
}
