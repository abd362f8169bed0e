import { stringify } from 'csv-stringify/sync';
import { isJsonObject } from '../domain/instruction.ts';
import type { LabelTask } from '../domain/label.ts';
import { QUESTION_KINDS } from '../domain/questions.ts';
import { protectCell, restoreCell } from '../records/spreadsheet-cells.ts';
import type { LabelBridge } from './label-bridge.ts';
import { isPlainRecord, PLAIN_SETUP, plainRecords, readPlainRecord } from './plain-record.ts';
import { decodeRecords, type RecordAbout } from './record-codec.ts';

const BYTE_ORDER_MARK = '\uFEFF';

const SETUP = `${PLAIN_SETUP}5. In a spreadsheet: save as CSV (UTF-8). A text that begins with =, +, - or @ has an apostrophe \
before it, so that it is not run as a formula; the apostrophe is taken off when the file is read again.
`;

function encode(tasks: readonly LabelTask[]): string {
  // From an empty task: the header is there even when the file has no rows.
  const [empty] = plainRecords([{ id: '', instruction: '', round: 1, rank: 1, reason: '' }]);
  const records = plainRecords(tasks);
  const columns = Object.keys(records[0] ?? empty!);
  const rows = records.map((record) => Object.values(record).map((cell) => protectCell(String(cell).toWellFormed())));
  // Spreadsheets take a file without the mark for the code page of the machine, not for UTF-8.
  return BYTE_ORDER_MARK + stringify([columns, ...rows], { quoted: true });
}

function readRow(row: unknown, about: RecordAbout) {
  if (!isJsonObject(row)) return readPlainRecord(row, about);
  return readPlainRecord(
    Object.fromEntries(
      Object.entries(row).map(([name, cell]) => [name, typeof cell === 'string' ? restoreCell(cell) : cell]),
    ),
    about,
  );
}

/**
 * A plain table to be filled in, in a spreadsheet say. What begins like a formula is written with an
 * apostrophe before it, which is taken off again on the way back; so is one that a person wrote
 * before such a text. Every cell is quoted.
 */
export const csvBridge: LabelBridge = {
  name: 'csv',
  summary: 'a table to fill in with a spreadsheet',
  isPlain: true,
  extension: '.csv',
  questions: QUESTION_KINDS,
  setup: SETUP,
  encode,
  detect: ({ format, records }) => format === 'csv' && records.some(({ value }) => isPlainRecord(value)),
  decode: (file, options) => decodeRecords(file, readRow, options),
};
