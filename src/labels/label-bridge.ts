import type { Annotation, LabelTask } from '../domain/label.ts';

export const BRIDGES = ['label-studio', 'argilla', 'prodigy', 'doccano', 'jsonl', 'csv'] as const;
export type BridgeName = (typeof BRIDGES)[number];

/** Something in a file that is no annotation of ours, and why. */
export interface ForeignRecord {
  /** Where: "line 7", "task 12". */
  readonly place: string;
  readonly cause: string;
}

export interface DecodedLabels {
  /** In the order of the file. One item may have several: by several people, or edited by one. */
  readonly annotations: readonly Annotation[];
  /** Handed out but with nothing said of them yet: ids, in the order of the file. */
  readonly untouched: readonly string[];
  /** What could not be read: without our key, malformed. Never dropped in silence. */
  readonly foreign: readonly ForeignRecord[];
}

/** Turns tasks into one annotation tool's file, and that tool's export into annotations. Pure. */
export interface LabelBridge {
  readonly name: BridgeName;
  /** Of the files it writes, with the dot. */
  readonly extension: '.json' | '.jsonl' | '.csv';
  /** How to set the tool up for the file, for people; several lines. */
  readonly setup: string;
  /** The whole file's text; ends with a newline. Deterministic. */
  encode(tasks: readonly LabelTask[]): string;
  /** Whether a parsed file looks like this tool's export. At most one bridge says yes to a file its tool wrote. */
  detect(file: LabelFile): boolean;
  /** Never throws for content: what cannot be read is in `foreign`. */
  decode(file: LabelFile): DecodedLabels;
}

/** A label file, parsed as far as it can be without knowing the tool. */
export interface LabelFile {
  readonly format: 'json' | 'jsonl' | 'csv';
  /** Records in order: of a JSON array its elements; of JSON Lines and CSV one a line or row. `place` is for people. */
  readonly records: readonly { readonly place: string; readonly value: unknown }[];
  /** Lines that are not JSON, rows that do not fit the header. */
  readonly unreadable: readonly ForeignRecord[];
}
