import type { Annotation } from '../domain/label.ts';
import type { DecodedLabels, ForeignRecord, LabelFile } from './label-bridge.ts';

/** What one record of a file says of one item. */
export interface RecordReading {
  readonly itemId: string;
  readonly annotations: readonly Annotation[];
  /** What in it could not be read, as the end of "record 3: …". */
  readonly problems: readonly string[];
}

/** Why a record says nothing of any item of ours. */
export interface UnreadRecord {
  readonly cause: string;
}

/**
 * Reads each record and sorts what they say: a record without annotations and problems is untouched, a
 * problem makes a foreign record of its own. What the file itself could not tell comes last.
 */
export function decodeRecords(file: LabelFile, read: (value: unknown) => RecordReading | UnreadRecord): DecodedLabels {
  const annotations: Annotation[] = [];
  const untouched: string[] = [];
  const foreign: ForeignRecord[] = [];
  for (const { place, value } of file.records) {
    const reading = read(value);
    if ('cause' in reading) {
      foreign.push({ place, cause: reading.cause });
      continue;
    }
    // One by one: spreading a record's hundred thousand annotations into a call would overflow the stack.
    for (const annotation of reading.annotations) annotations.push(annotation);
    for (const cause of reading.problems) foreign.push({ place, cause });
    if (reading.annotations.length === 0 && reading.problems.length === 0) untouched.push(reading.itemId);
  }
  return { annotations, untouched, foreign: foreign.concat(file.unreadable) };
}
