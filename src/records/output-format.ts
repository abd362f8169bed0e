import { UsageError } from '../domain/errors.ts';
import { namedFormat, RECORD_EXTENSIONS, type RecordFormat } from '../domain/record-format.ts';

/**
 * How a file of this name is written: by its extension; a `.gz` after it compresses, except for Parquet,
 * which compresses by itself.
 * @throws UsageError naming the extensions that are written
 */
export function outputFormat(path: string): { readonly format: RecordFormat; readonly gzipped: boolean } {
  const { format, gzipped } = namedFormat(path);
  if (format === undefined) {
    throw new UsageError(
      `The format to write "${path}" in is unknown.`,
      `Name it ${RECORD_EXTENSIONS.join(', ')}; each but .parquet may end in .gz.`,
    );
  }
  if (format === 'parquet' && gzipped) {
    throw new UsageError(`"${path}" cannot be written: Parquet compresses by itself.`, 'Leave out the .gz.');
  }
  return { format, gzipped };
}
