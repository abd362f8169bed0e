import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/domain/instruction.ts';
import { readPool } from '../../src/records/read-pool.ts';
import { writeRecords } from '../../src/records/write-records.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

const HOSTILE = [
  '"',
  "'",
  ',',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\\',
  '\u2028',
  '\u0085',
  '\ufeff',
  '=1+1',
  '😀',
  '\ud800',
  '\udfff',
  ' ',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 6 })
  .map((parts) => parts.join(''));
const key = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'a.b', 'a[0]', '', 'é', 'winnow_other', '\ufeffmark'),
  text.map((name) => `x${name.toWellFormed()}`),
);
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(text, number, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map(Object.fromEntries),
  ),
}));
const winnow = fc.record({
  rank: fc.nat(),
  score: number,
  reason: text,
  strategy: fc.constant('selectllm'),
  options: value,
});

/** Records of one pool: distinct instructions, any other fields, most of them chosen. */
const records: fc.Arbitrary<JsonObject[]> = fc
  .array(fc.tuple(text, fc.array(fc.tuple(key, value), { maxLength: 4 }), fc.option(winnow)), {
    minLength: 1,
    maxLength: 6,
  })
  .map((items) =>
    items.map(([instruction, fields, chosen], row) =>
      Object.fromEntries([
        ['instruction', `${row} ${instruction}`],
        ...fields,
        ...(chosen === null ? [] : [['winnow', chosen]]),
      ]),
    ),
  );

async function writeAndRead(written: readonly JsonObject[], extension: string): Promise<readonly JsonObject[]> {
  const path = folder.file(`trip.${extension}`);
  await writeRecords(written, path);
  const pool = await readPool([path]);
  return [...pool.positionOfRow].map((position) => pool.instructions[position]!.record);
}

/** What a table makes of the records: all of its columns in every row, each cell as the format can hold it. */
function asTable(written: readonly JsonObject[], cell: (value: JsonValue | undefined) => JsonValue): JsonObject[] {
  const flat = written.map(({ winnow: chosen, ...others }) =>
    Object.fromEntries([
      ...Object.entries(others),
      ...Object.entries((chosen as JsonObject | undefined) ?? {}).map(([name, field]) => [`winnow_${name}`, field]),
    ]),
  ) as JsonObject[];
  const names = [...new Set(flat.flatMap((record) => Object.keys(record)))];
  return flat.map((record) =>
    Object.fromEntries(names.map((name) => [name, cell(Object.hasOwn(record, name) ? record[name] : undefined)])),
  );
}

function asText(field: JsonValue | undefined): string {
  if (field === undefined || field === null) return '';
  return (typeof field === 'object' ? JSON.stringify(field) : String(field)).toWellFormed();
}

/** Equal as JSON, in any order of fields: prototypes and negative zero do not matter, `__proto__` does. */
const canonical = (record: unknown): unknown =>
  JSON.stringify(record, (_, field) =>
    field !== null && typeof field === 'object' && !Array.isArray(field)
      ? Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1))
      : field,
  );

/** The Parquet parser takes a U+FEFF at the beginning of a column's name for a byte order mark. */
const withoutMarks = (record: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(record).map(([name, field]) => [name.replace(/^\ufeff/, ''), field]));

describe('what is written is read again', () => {
  it.each(['jsonl', 'ndjson', 'json', 'jsonl.gz', 'json.gz'])('as %s, exactly', async (extension) => {
    await fc.assert(
      fc.asyncProperty(records, async (written) => {
        const read = await writeAndRead(written, extension);
        expect(JSON.stringify(read)).toBe(JSON.stringify(written));
      }),
      { numRuns: 60 },
    );
  });

  it('as tsv, a cell that ends with a tab and a line end', async () => {
    const [read] = await writeAndRead([{ instruction: '0 \t\r\n', meta: '{}' }], 'tsv');
    expect(read).toMatchObject({ instruction: '0 \t\r\n', meta: '{}' });
  });

  it.each(['csv', 'tsv', 'csv.gz', 'tsv.gz'])('as %s, as text', async (extension) => {
    await fc.assert(
      fc.asyncProperty(records, async (written) => {
        const read = await writeAndRead(written, extension);
        expect(read.map(canonical)).toEqual(asTable(written, asText).map(canonical));
      }),
      { numRuns: 60 },
    );
  });

  it('as parquet, with numbers, truth values and nesting', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (written) => {
        const read = await writeAndRead(written, 'parquet');
        // A column of texts is well-formed; the texts of a mixed one are JSON, where a lone surrogate is escaped.
        const wellFormed = (record: unknown) =>
          String(canonical(record)).replaceAll(/\\ud[89a-f][0-9a-f]{2}/g, '\ufffd');
        const table = asTable(written, (field) => field ?? null).map(withoutMarks);
        expect(read.map(wellFormed)).toEqual(table.map(wellFormed));
      }),
      { numRuns: 120 },
    );
  });
});
