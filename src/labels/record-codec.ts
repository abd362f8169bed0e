import type { Annotation } from '../domain/label.ts';
import type { DecodedLabels, DecodeOptions, ForeignRecord, LabelFile, ReadAnnotation } from './label-file.ts';
import { notAnAnswer } from './not-an-answer.ts';
import type { ShownText } from './shown-text.ts';

/** What one record of a file contains about one item. */
export interface RecordReading {
  readonly itemId: string;
  readonly annotations: readonly Annotation[];
  /** What in it could not be read, as the end of "record 3: …". */
  readonly problems: readonly string[];
  /** What in it could not be read and cost no annotation. */
  readonly warnings?: readonly string[];
  /** The item's text in this record. */
  readonly shown?: ShownText;
}

/** How a record is to be read. */
export interface RecordAbout {
  /** What the user says the answer stands in; undefined: where winnow's own tasks ask for it. */
  readonly answerField?: string | undefined;
  /** Whether its values are cells: texts, all of them. */
  readonly isTable: boolean;
  /** Whether its numbers have a comma before their decimals. */
  readonly decimalComma: boolean;
}

/** Why a record is not about any item of ours. */
export interface UnreadRecord {
  readonly cause: string;
}

/**
 * Reads each record. A record without annotations and problems is untouched; each problem becomes a foreign record.
 * Unreadable parts of the file come last.
 */
export function decodeRecords(
  file: LabelFile,
  read: (value: unknown, about: RecordAbout) => RecordReading | UnreadRecord,
  { answerField }: DecodeOptions = {},
): DecodedLabels {
  const isTable = file.format === 'csv';
  const about = { answerField, isTable, decimalComma: file.delimiter === ';' };
  const annotations: ReadAnnotation[] = [];
  const untouched: string[] = [];
  const foreign: ForeignRecord[] = [];
  const warnings: ForeignRecord[] = [];
  for (const { place, value } of file.records) {
    const reading = read(value, about);
    if ('cause' in reading) {
      foreign.push({ place, cause: reading.cause });
      continue;
    }
    const { shown } = reading;
    // One by one: spreading a hundred thousand annotations into a call would overflow the stack.
    for (const annotation of reading.annotations) {
      const cause =
        annotation.response === null ? undefined : notAnAnswer(annotation.response, isTable, answerField !== undefined);
      if (cause === undefined) annotations.push({ ...annotation, place, ...(shown === undefined ? {} : { shown }) });
      else foreign.push({ place, cause });
    }
    for (const cause of reading.warnings ?? []) warnings.push({ place, cause });
    for (const cause of reading.problems) foreign.push({ place, cause });
    if (reading.annotations.length === 0 && reading.problems.length === 0) untouched.push(reading.itemId);
  }
  return {
    annotations,
    untouched,
    foreign: foreign.concat(file.unreadable),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

/** A JSON array, one record per line. */
export function encodeJsonArray(records: readonly object[]): string {
  return records.length === 0 ? '[]\n' : `[\n${records.map(encodeRecord).join(',\n')}\n]\n`;
}

/** JSON Lines; empty when there are no records. */
export function encodeJsonLines(records: readonly object[]): string {
  return records.map((record) => `${encodeRecord(record)}\n`).join('');
}

/**
 * Lone surrogates become U+FFFD: as escapes they are valid JSON, but other languages cannot write them again.
 * U+2028 and U+2029 are escaped, because some readers take them as line ends.
 */
function encodeRecord(record: object): string {
  const json = JSON.stringify(record, (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );
  return json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
