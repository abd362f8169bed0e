import type { SchemaElement } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { OutputError } from '../domain/errors.ts';
import type { JsonObject, JsonValue } from '../domain/instruction.ts';
import { columnNames, rowOf } from './encode-delimited.ts';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/** A column as it is written: its place in the schema and its values in the physical type. */
interface PhysicalColumn {
  readonly element: SchemaElement;
  readonly data: unknown[];
  readonly statistics: boolean;
}

/**
 * A Parquet file (snappy), all columns optional. The type of a column is the narrowest that holds all its
 * values: BOOLEAN, INT32, INT64, DOUBLE, STRING; JSON where there are lists, objects or a mixture; STRING
 * where all are null. Absent becomes null. Lone surrogates in text become U+FFFD.
 * Memory: the whole file. O(columns × rows).
 * @throws OutputError for more columns or cells than can be held
 */
export function encodeParquet(records: readonly JsonObject[]): Buffer {
  const columns = columnsOf(records).map(physicalColumn);
  const file = parquetWriteBuffer({
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(({ element }) => element)],
    columnData: columns.map(
      ({ element, data, statistics }): ColumnSource => ({ name: element.name, data, statistics }),
    ),
  });
  return Buffer.from(file);
}

interface Column {
  readonly name: string;
  readonly values: JsonValue[];
}

/** All columns are in memory at once. */
const MOST_CELLS = 100_000_000;

function columnsOf(records: readonly JsonObject[]): readonly Column[] {
  const names = columnNames(records);
  if (names.length * records.length > MOST_CELLS) {
    throw new OutputError(`${names.length} columns of ${records.length} rows are too many for a Parquet file.`, {
      hint: 'Write JSONL instead: name the output .jsonl and run again. Nothing is paid for twice.',
      data: { limit: MOST_CELLS },
    });
  }
  const columns = names.map((name): Column => ({ name, values: [] }));
  for (const record of records)
    for (const [index, value] of rowOf(names, record).entries()) columns[index]!.values.push(value);
  return columns;
}

function physicalColumn({ name, values }: Column): PhysicalColumn {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  const present = values.filter((value) => value !== null);
  const plain = (element: SchemaElement, data: unknown[]) => ({ element, data, statistics: true });
  if (present.every((value) => typeof value === 'string')) {
    return plain({ ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }, [
      ...values,
    ]);
  }
  if (present.every((value) => typeof value === 'boolean')) return plain({ ...optional, type: 'BOOLEAN' }, [...values]);
  if (present.every((value) => typeof value === 'number')) {
    if (present.every(isInt32)) return plain({ ...optional, type: 'INT32' }, [...values]);
    if (!present.every((value) => Number.isSafeInteger(value)))
      return plain({ ...optional, type: 'DOUBLE' }, [...values]);
    return plain(
      { ...optional, type: 'INT64' },
      values.map((value) => (value === null ? null : BigInt(value as number))),
    );
  }
  return {
    // Marked by the newer annotation only: for the older one the writer makes the text itself, and loses `__proto__`.
    element: { ...optional, type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } },
    data: values.map((value) => (value === null ? null : Buffer.from(JSON.stringify(value)))),
    // Its bounds would be whole documents, in the footer.
    statistics: false,
  };
}

function isInt32(value: JsonValue): boolean {
  return Number.isInteger(value) && (value as number) >= INT32_MIN && (value as number) <= INT32_MAX;
}
