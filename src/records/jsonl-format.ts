import { encodeJsonl, inBatches } from './jsonl.ts';
import { readJsonlFile } from './read-jsonl-file.ts';
import type { RecordFormat } from './record-format.ts';

/** JSON Lines. */
export const jsonlFormat: RecordFormat = {
  name: 'jsonl',
  summary: 'JSON Lines: one record a line',
  extensions: ['.jsonl', '.ndjson'],
  unit: 'line',
  read: readJsonlFile,
  encode: (records) => inBatches(encodeJsonl(records)),
};
