import { Registry } from '../domain/registry.ts';
import { arrowFormat } from './arrow-format.ts';
import { csvFormat, tsvFormat } from './delimited.ts';
import { jsonFormat } from './json.ts';
import { jsonlFormat } from './jsonl-format.ts';
import { parquetFormat } from './parquet-format.ts';
import type { RecordFormat } from './record-format.ts';
import { textFormat } from './text-lines.ts';

/** Every format that pools are read from and results are written to. */
export const RECORD_FORMATS: Registry<RecordFormat> = new Registry<RecordFormat>('file format', [
  jsonlFormat,
  jsonFormat,
  csvFormat,
  tsvFormat,
  parquetFormat,
  arrowFormat,
  textFormat,
]);
