import type { Instruction, SourceLocation } from './instruction.ts';

/** A record that could not be read, and why. */
export interface BadRecord {
  readonly source: SourceLocation;
  readonly cause: string;
}

/** Which field of a record plays which role. Absent is what the record does not have. */
export interface FieldMapping {
  readonly instruction?: string | undefined;
  readonly input?: string | undefined;
  readonly output?: string | undefined;
  readonly id?: string | undefined;
  /** The fields of a conversation. */
  readonly conversation?: readonly string[] | undefined;
}

/** What was read from one file. */
export interface FileReading {
  readonly file: string;
  /** What a record is: line, row, … */
  readonly unit: string;
  readonly records: number;
  /** Items made of them, duplicates included. */
  readonly items: number;
  /** How many records have which fields, the most frequent first. */
  readonly mappings: readonly { readonly mapping: FieldMapping; readonly records: number }[];
  /** Records that are conversations, and all of their turns. */
  readonly conversations: number;
  readonly turns: number;
  /** Turns that come after the item, and in how many records. */
  readonly laterTurns: number;
  readonly recordsWithLaterTurns: number;
  /** Records that are one message each; conversations were made of them. */
  readonly messages: number;
  /** Images, audio and files, shown as placeholders, and in how many records. */
  readonly media: number;
  readonly recordsWithMedia: number;
  /** Placeholders such as `nan` that were not taken for a text. */
  readonly placeholders: readonly { readonly role: string; readonly records: number }[];
  /** Records that say nothing, by cause: a header that is repeated, an instruction that is `N/A`. */
  readonly leftOut: readonly { readonly cause: string; readonly records: number; readonly firstLine: number }[];
  /** How the file differs from what its format allows or its name says, and was read all the same. */
  readonly tolerated: readonly string[];
}

/** Personal data that was found while reading. */
export interface PersonalDataFindings {
  /** What was done about it: report, mask or exclude. */
  readonly choice: string;
  /** By kind: items with it, how often it is in them, how many different values, and where the first is ("pool.jsonl:3"). */
  readonly kinds: readonly {
    readonly kind: string;
    readonly items: number;
    readonly findings: number;
    readonly values: number;
    readonly first: string;
  }[];
}

/**
 * All instructions of a run, exact duplicates merged. A *position* is an index into `instructions`,
 * in reading order; a *row* is an index into the items as read, duplicates included.
 */
export interface Pool {
  /** Of a large pool, those that are looked at are read from the disk: look at each once, in order where that is possible. */
  readonly instructions: readonly Instruction[];
  /** Row → position; its length is the number of items read (bad records not counted). */
  readonly positionOfRow: Int32Array;
  /** How many records were merged into an earlier one of the same text. */
  readonly exactDuplicates: number;
  /** Ids of merged records that differ from their instruction's → its position. */
  readonly mergedIds: ReadonlyMap<string, number>;
  /** How many ids were used by two different texts and made distinct. */
  readonly repeatedIds: number;
  /** How many records could not be read, and the first few of them. */
  readonly badRecordCount: number;
  readonly badRecords: readonly BadRecord[];
  /** By file, in the order they were read. */
  readonly readings: readonly FileReading[];
  /** Whether any of them names its conversation. */
  readonly hasConversations: boolean;
  /**
   * Identifies what a run depends on in a pool: its ids and texts in order, the ids of merged records, and which row is
   * which instruction. Files, other fields and bad records do not matter. SHA-256, 64 hex digits.
   */
  readonly fingerprint: string;
  /** Absent where it was not looked for. */
  readonly personalData?: PersonalDataFindings;
}
