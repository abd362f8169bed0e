import { columnCheck } from './encode-delimited.ts';
import type { RecordFormat } from './record-format.ts';

/** Parquet. Its libraries take a moment to load, so they are loaded when they are used. */
export const parquetFormat: RecordFormat = {
  name: 'parquet',
  summary: 'Parquet, compressed by any usual codec',
  extensions: ['.parquet'],
  unit: 'row',
  compressesItself: true,
  async *read({ file, path, signal }) {
    const { readParquet } = await import('./parquet.ts');
    yield* readParquet(path, signal, file);
  },
  encode: async (records) => (await import('./encode-parquet.ts')).encodeParquet(records),
  columnCheck,
};
