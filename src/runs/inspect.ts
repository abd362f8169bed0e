import { type Conversation, conversationOf } from '../domain/conversation.ts';
import type { FileReading } from '../domain/pool.ts';
import type { Wording } from '../domain/wording.ts';
import type { ReadPoolOptions } from '../records/pool-source.ts';
import { readPool } from '../records/read-pool.ts';
import { readingNotes } from '../records/reading-notes.ts';

/** What winnow reads from files, before anything is paid for. */
export interface Inspection {
  readonly files: readonly InspectedFile[];
  readonly instructions: number;
  readonly exactDuplicates: number;
  /** Records that cannot be used, and the first few of them. */
  readonly badRecords: number;
  readonly firstBad: readonly { readonly file: string; readonly line: number; readonly cause: string }[];
  readonly notes: readonly Wording[];
}

export interface InspectedFile extends FileReading {
  /** The first items, as people and models will see them. */
  readonly examples: readonly (Conversation & { readonly id: string; readonly output?: string })[];
}

const EXAMPLES = 3;

/**
 * Reads files and says what was found in each: the fields and their roles, conversations and turns, what is left out and
 * why, and the first three items. Bad records are counted. Nothing is stored, sent or paid.
 * @throws PoolError when a file cannot be read, or no record can be used
 */
export async function inspect(paths: readonly string[], options: ReadPoolOptions = {}): Promise<Inspection> {
  const pool = await readPool(paths, { ...options, skipBadLines: true });
  return {
    files: pool.readings.map((reading) => ({
      ...reading,
      examples: pool.instructions
        .filter(({ source }) => source.file === reading.file)
        .slice(0, EXAMPLES)
        .map((item) => ({
          id: item.id,
          ...conversationOf(item),
          ...(item.output === undefined ? {} : { output: item.output }),
        })),
    })),
    instructions: pool.instructions.length,
    exactDuplicates: pool.exactDuplicates,
    badRecords: pool.badRecordCount,
    firstBad: pool.badRecords.map(({ source, cause }) => ({ ...source, cause })),
    notes: readingNotes(pool),
  };
}
