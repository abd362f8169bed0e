import { expect, it } from 'vitest';
import { formatByName } from '../../src/records/record-format.ts';
import { RECORD_FORMATS } from '../../src/records/registry.ts';

it.each([
  ['a.jsonl', { format: 'jsonl', extension: '.jsonl', gzipped: false }],
  ['a.b.NDJSON', { format: 'jsonl', extension: '.ndjson', gzipped: false }],
  ['/x.csv/a.Json.GZ', { format: 'json', extension: '.json', gzipped: true }],
  ['a.parquet', { format: 'parquet', extension: '.parquet', gzipped: false }],
  ['a.xlsx', { extension: '.xlsx', gzipped: false }],
  ['folder.csv/pool', { extension: '', gzipped: false }],
  ['folder.csv\\pool', { extension: '', gzipped: false }],
  ['pool.gz', { extension: '', gzipped: true }],
  ['tsv', { extension: '', gzipped: false }],
])('tells from the name %s what the file holds', (path, expected) => {
  const { format, ...rest } = formatByName(path, RECORD_FORMATS);
  expect({ ...(format && { format: format.name }), ...rest }).toEqual(expected);
});
