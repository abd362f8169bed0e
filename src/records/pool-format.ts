import { PoolError } from '../domain/errors.ts';
import { namedFormat, RECORD_EXTENSIONS, type RecordFormat } from '../domain/record-format.ts';

/** The name by which standard input is given as a source. */
export const STANDARD_INPUT = '-';

/** What `SourceLocation.line` counts in each format, from 1; a table's header is its row 1. */
export const LOCATION_UNIT: Readonly<Record<RecordFormat, string>> = {
  jsonl: 'line',
  json: 'record',
  csv: 'row',
  tsv: 'row',
  parquet: 'row',
};

/**
 * The format of a source by its extension, the one below `.gz` where there is that. Standard input is
 * JSONL. Whether a source really is gzipped is seen later, by its first bytes.
 * @throws PoolError naming the extensions that are read
 */
export function poolFormat(file: string): RecordFormat {
  if (file === STANDARD_INPUT) return 'jsonl';
  const { format, extension } = namedFormat(file);
  if (format !== undefined) return format;
  const ending = extension === '' ? 'its name has no extension' : `its extension is "${extension}"`;
  throw new PoolError(`The format of ${sourceName(file)} is unknown: ${ending}.`, {
    hint: `Name it ${RECORD_EXTENSIONS.join(', ')} (each may end in .gz), or pipe it in as JSONL and give "-" as the pool.`,
  });
}

/** A source as messages name it. */
export function sourceName(file: string): string {
  return file === STANDARD_INPUT ? 'standard input' : `"${file}"`;
}
