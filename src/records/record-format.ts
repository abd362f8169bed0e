import type { JsonObject } from '../domain/instruction.ts';
import type { Registry } from '../domain/registry.ts';
import type { ReadRecord } from './record-reader.ts';
import type { FileContent } from './write-file-atomically.ts';

/** A file, or standard input, as a format reads it. */
export interface OpenSource {
  /** As the user named it, or its address on a server: for messages. */
  readonly file: string;
  /** Where it is on this machine. */
  readonly path: string;
  readonly signal: AbortSignal | undefined;
  /** Its bytes, once: decompressed, as UTF-8, without a byte order mark. */
  content(): AsyncIterable<Buffer>;
  /** Is told how the file differs from what its format allows, where it is read all the same. */
  readonly onTolerated?: (what: string) => void;
  /** What one item of a text file is, where the user said so. */
  readonly textItems?: 'line' | 'file' | undefined;
}

export interface EncodeOptions {
  /** Leaves cells of CSV and TSV as they are, also where a spreadsheet would run them as formulas. */
  readonly rawCells?: boolean | undefined;
}

/** A file format of records. A new one is one file and one line in the registry. */
export interface RecordFormat {
  readonly name: string;
  /** One line, for people. */
  readonly summary: string;
  /** Of its files, in lower case, with the dot. */
  readonly extensions: readonly string[];
  /** What `SourceLocation.line` counts, from 1. The header of a table is its row 1. */
  readonly unit: 'line' | 'record' | 'row';
  /**
   * Reads the records of one source, in order and lazily; one at a time, or as many at once as are there, which is
   * faster. A problem with one record is yielded, so that the reader can go on; a problem with the whole source is thrown.
   * @throws PoolError when the source cannot be read
   */
  read(source: OpenSource): AsyncIterable<ReadRecord | ReadRecord[]>;
  /** The content of a whole file. Absent: the format is only read. */
  readonly encode?: (records: readonly JsonObject[], options?: EncodeOptions) => FileContent | Promise<FileContent>;
  /** Absent where records may have any number of fields. Takes each record before it is worked on; throws OutputError. */
  readonly columnCheck?: () => (record: JsonObject) => void;
  /** The format compresses its files itself, so they never end in `.gz`. */
  readonly compressesItself?: boolean;
}

/** What the name of a file tells about its content. */
export interface NamedFormat {
  /** Absent when the extension names no format. */
  readonly format?: RecordFormat;
  /** The last extension but that of a compression, in lower case, with its dot; empty when there is none. */
  readonly extension: string;
  /** Whether the name ends in `.gz`. */
  readonly gzipped: boolean;
}

/** Reads the format from a file name. Letter case does not matter. */
export function formatByName(path: string, formats: Registry<RecordFormat>): NamedFormat {
  const name = path.toLowerCase();
  const gzipped = name.endsWith('.gz');
  const [, extension = ''] = /(\.[^./\\]*)$/.exec(name.replace(/\.(gz|zst|zstd)$/, '')) ?? [];
  const format = [...formats].find(({ extensions }) => extensions.includes(extension));
  return { ...(format !== undefined && { format }), extension, gzipped };
}

/** The extensions of all formats, for messages. */
export function extensionsOf(formats: Registry<RecordFormat>): string[] {
  return [...formats].flatMap(({ extensions }) => extensions);
}
