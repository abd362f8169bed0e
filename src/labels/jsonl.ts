import { decodeRecords } from './decode-records.ts';
import { encodeJsonLines } from './encode-records.ts';
import type { LabelBridge } from './label-bridge.ts';
import { isPlainRecord, PLAIN_SETUP, plainRecord, readPlainRecord } from './plain-record.ts';

/** Plain JSON Lines to be filled in by hand or by a script; back also as a JSON array of the same records. */
export const jsonlBridge: LabelBridge = {
  name: 'jsonl',
  extension: '.jsonl',
  setup: PLAIN_SETUP,
  encode: (tasks) => encodeJsonLines(tasks.map(plainRecord)),
  detect: ({ format, records }) => format !== 'csv' && records.some(({ value }) => isPlainRecord(value)),
  decode: (file) => decodeRecords(file, readPlainRecord),
};
