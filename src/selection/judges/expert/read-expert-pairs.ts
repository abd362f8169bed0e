import { readFile } from 'node:fs/promises';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { ScorerError } from '../../../domain/errors.ts';
import { jsonFault, parseBoundedJson } from '../../../domain/foreign-json.ts';
import type { JudgedItem } from '../judge.ts';
import type { ExpertPair } from './pair-differences.ts';

const SOURCE = /^Instruction: ?([\s\S]*?)(?: Input: ?([\s\S]*?))? Response:(?: ?)([\s\S]*)$/;

const text = z.string({
  error: ({ input }) => (input === undefined ? 'is missing' : `must be a text, not ${nameOfValue(input)}`),
});

const tableRow = z.object({
  info: z.object({ lines: z.number() }),
  record: z.object({
    src: text,
    score: z.enum(['0', '1'], {
      error: ({ input }) => (input === undefined ? 'is missing' : 'must be 0 or 1'),
    }),
  }),
});

const pairRecord = z.object(
  {
    instruction: text.min(1, 'is empty'),
    input: text.nullish(),
    chosen: text,
    rejected: text,
  },
  'this line is not a JSON object',
);

const FORMATS_HINT =
  'A .csv has the columns src ("Instruction: … Input: … Response: …") and score, rows in pairs: 0, then 1. A .jsonl has records {"instruction", "input"?, "chosen", "rejected"}.';

/**
 * Reads pairs of a better and a worse response. A `.csv` has CaR's format: the original with score 0, then its revision
 * with score 1. A `.jsonl` or `.ndjson` has one record per pair. No row is dropped: the first invalid row is an error.
 * @throws ScorerError naming file and line
 */
export async function readExpertPairs(file: string): Promise<ExpertPair[]> {
  const format = /\.(csv|jsonl|ndjson)$/i.exec(file)?.[1]?.toLowerCase();
  if (format === undefined) {
    throw new ScorerError(`"${file}" is neither a .csv nor a .jsonl file.`, { hint: FORMATS_HINT });
  }
  const content = await readText(file);
  const pairs = format === 'csv' ? readTable(file, content) : readLines(file, content);
  if (pairs.length === 0) throw new ScorerError(`${file} has no pairs.`, { hint: FORMATS_HINT });
  return pairs;
}

async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new ScorerError(missing ? `There is no file "${file}".` : `"${file}" cannot be read.`, { cause: error });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ScorerError(`${file} is not UTF-8.`, { hint: 'Convert it first.', cause: error });
  }
}

function readTable(file: string, content: string): ExpertPair[] {
  const items = tableRows(file, content).map((row) => {
    const parsed = tableRow.safeParse(row);
    if (!parsed.success) throw badRecord(file, lineOf(row), problemOf(parsed.error));
    const { info, record } = parsed.data;
    // Without a response, each of many inputs would be searched for one to the end.
    const match = record.src.includes(' Response:') ? SOURCE.exec(record.src) : null;
    if (match === null) throw badRecord(file, info.lines, '"src" is not "Instruction: … Response: …"');
    const [, instruction = '', input, response = ''] = match;
    return { line: info.lines, score: record.score, item: itemOf(instruction, input, response) };
  });
  const pairs: ExpertPair[] = [];
  for (let i = 0; i < items.length; i += 2) {
    const [worse, better] = [items[i]!, items[i + 1]];
    if (worse.score !== '0') throw badRecord(file, worse.line, 'its score is 1, but a pair starts with score 0');
    if (better === undefined) throw badRecord(file, worse.line, 'its revision, with score 1, is missing');
    if (better.score !== '1') throw badRecord(file, better.line, 'its score is 0, but the revision has score 1');
    pairs.push({ worse: worse.item, better: better.item });
  }
  return pairs;
}

function tableRows(file: string, content: string): unknown[] {
  try {
    return parse(content, { columns: true, bom: true, info: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ScorerError(`${file} is not a CSV table: ${error.message}.`, { hint: FORMATS_HINT, cause: error });
  }
}

function readLines(file: string, content: string): ExpertPair[] {
  return content.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    let value: unknown;
    try {
      value = parseBoundedJson(line);
    } catch (error) {
      throw badRecord(file, index + 1, jsonFault(error));
    }
    const parsed = pairRecord.safeParse(value);
    if (!parsed.success) throw badRecord(file, index + 1, problemOf(parsed.error));
    const { instruction, input, chosen, rejected } = parsed.data;
    const side = (response: string) => itemOf(instruction, input ?? undefined, response);
    return [{ worse: side(rejected), better: side(chosen) }];
  });
}

function itemOf(instruction: string, input: string | undefined, response: string): JudgedItem {
  return { instruction, ...(input === undefined ? {} : { input }), response };
}

function badRecord(file: string, line: number | undefined, problem: string): ScorerError {
  return new ScorerError(`${file}${line === undefined ? '' : `, line ${line}`}: ${problem}.`, { hint: FORMATS_HINT });
}

function problemOf({ issues }: z.ZodError): string {
  const [{ path, message }] = issues as [z.core.$ZodIssue];
  const field = path.filter((part) => part !== 'record').join('.');
  return field === '' ? message : `"${field}" ${message}`;
}

function nameOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a record' : `a ${typeof value}`;
}

function lineOf(row: unknown): number | undefined {
  const found = z.object({ info: z.object({ lines: z.number() }) }).safeParse(row);
  return found.success ? found.data.info.lines : undefined;
}
