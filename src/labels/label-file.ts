import type { Annotation } from '../domain/label.ts';
import type { ShownText } from './shown-text.ts';

/** A label file, parsed as far as possible without knowing the tool. */
export interface LabelFile {
  readonly format: 'json' | 'jsonl' | 'csv';
  /** In order: the elements of a JSON array, or one per line or row. `place` is for messages. */
  readonly records: readonly { readonly place: string; readonly value: unknown }[];
  /** Lines that are not JSON, rows that do not fit the header. */
  readonly unreadable: readonly ForeignRecord[];
  /** What separates the cells of a table. */
  readonly delimiter?: ',' | ';' | '\t' | '|';
}

/** An annotation, where it stands in the file, and which text it stands beside. */
export interface ReadAnnotation extends Annotation {
  readonly place?: string;
  readonly shown?: ShownText;
}

export interface DecodeOptions {
  /** The field, column, control or question that holds the answer. Default: the one that winnow's tasks have. */
  readonly answerField?: string | undefined;
}

export interface DecodedLabels {
  /** In the order of the file. One item may have several: by several people, or edited by one. */
  readonly annotations: readonly ReadAnnotation[];
  /** Ids of items without any annotation yet, in the order of the file. */
  readonly untouched: readonly string[];
  /** What could not be read: without our key, or malformed. Always reported. */
  readonly foreign: readonly ForeignRecord[];
  /** What of a label could not be read without costing the label: a time, a name. Absent where there is nothing. */
  readonly warnings?: readonly ForeignRecord[];
  /** How the file was read, where that is not as usual. */
  readonly notes?: readonly string[];
}

/** Something in a file that is not an annotation of ours, and why. */
export interface ForeignRecord {
  /** Where: "line 7", "task 12". */
  readonly place: string;
  readonly cause: string;
}
