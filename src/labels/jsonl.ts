import { QUESTION_KINDS } from '../domain/questions.ts';
import type { LabelBridge } from './label-bridge.ts';
import { isPlainRecord, PLAIN_SETUP, plainRecords, readPlainRecord } from './plain-record.ts';
import { decodeRecords, encodeJsonLines } from './record-codec.ts';

/** Plain JSON Lines to fill in with an editor or a script. The same records in a JSON array are read too. */
export const jsonlBridge: LabelBridge = {
  name: 'jsonl',
  summary: 'JSON Lines to fill in with an editor or a script',
  isPlain: true,
  extension: '.jsonl',
  questions: QUESTION_KINDS,
  setup: PLAIN_SETUP,
  encode: (tasks) => encodeJsonLines(plainRecords(tasks)),
  detect: ({ format, records }) => format !== 'csv' && records.some(({ value }) => isPlainRecord(value)),
  decode: (file, options) => decodeRecords(file, readPlainRecord, options),
};
