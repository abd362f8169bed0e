import type { Annotation } from '../domain/label.ts';

/** A label file, parsed as far as possible without knowing the tool. */
export interface LabelFile {
  readonly format: 'json' | 'jsonl' | 'csv';
  /** In order: the elements of a JSON array, or one per line or row. `place` is for messages. */
  readonly records: readonly { readonly place: string; readonly value: unknown }[];
  /** Lines that are not JSON, rows that do not fit the header. */
  readonly unreadable: readonly ForeignRecord[];
}

export interface DecodedLabels {
  /** In the order of the file. One item may have several: by several people, or edited by one. */
  readonly annotations: readonly Annotation[];
  /** Ids of items without any annotation yet, in the order of the file. */
  readonly untouched: readonly string[];
  /** What could not be read: without our key, or malformed. Always reported. */
  readonly foreign: readonly ForeignRecord[];
}

/** Something in a file that is not an annotation of ours, and why. */
export interface ForeignRecord {
  /** Where: "line 7", "task 12". */
  readonly place: string;
  readonly cause: string;
}
