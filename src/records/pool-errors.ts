import { PoolError } from '../domain/errors.ts';
import type { SourceLocation } from '../domain/instruction.ts';
import type { Pool } from '../domain/pool.ts';
import { option, sentence } from '../domain/wording.ts';
import type { OverrideWatch } from './detect-fields.ts';
import type { RecordFormat } from './record-format.ts';
import type { UnusableRecord } from './record-problems.ts';
import { NAME_THE_ENCODING, NOT_UTF8, sourceName } from './record-reader.ts';
import { listFields } from './record-texts.ts';

const CORRECT_OR_SKIP = sentence`Correct it, or leave out such records with ${option('skipBadLines')}.`;

/** The error for a record that cannot be used. */
export function badRecord(
  source: SourceLocation,
  unit: RecordFormat['unit'],
  { cause, hint, limit }: UnusableRecord,
): PoolError {
  return new PoolError(`${locate(source, unit)}: ${cause}.`, {
    hint: (cause === NOT_UTF8 ? NAME_THE_ENCODING : hint) ?? CORRECT_OR_SKIP,
    data: { file: source.file, line: source.line, ...(limit === undefined ? {} : { limit }) },
  });
}

function locate({ file, line }: SourceLocation, unit: RecordFormat['unit']): string {
  return `${sourceName(file)}, ${unit} ${line}`;
}

/** @throws PoolError for a field that the user named and no record has */
export function checkOverrides(watch: OverrideWatch): void {
  const missing = watch.missing();
  if (missing === undefined || missing.fields.length === 0) return;
  throw new PoolError(`No record has a field "${missing.name}".`, {
    hint: sentence`Correct ${option(`fields.${missing.role}`)}. The fields that exist: ${listFields(missing.fields)}.`,
    data: { field: missing.name },
  });
}

/**
 * The error for sources without a single usable record: it names the first record that is none and says why.
 * @param sources with what a record of each is called
 */
export function emptyPool(
  sources: readonly { readonly file: string; readonly unit: RecordFormat['unit'] }[],
  { badRecords, badRecordCount, readings }: Pick<Pool, 'badRecords' | 'badRecordCount' | 'readings'>,
): PoolError {
  const names = sources.map(({ file }) => sourceName(file)).join(', ');
  const leftOut = readings.flatMap(({ file, leftOut: causes }) =>
    causes.map(({ cause, records, firstLine }) => ({ source: { file, line: firstLine }, cause, records })),
  );
  const first = badRecords[0] ?? leftOut[0];
  if (first === undefined) {
    return new PoolError(`There are no records in ${names}.`, { hint: 'Give a pool that is not empty.' });
  }
  const count = leftOut.reduce((sum, { records }) => sum + records, badRecordCount);
  const { unit } = sources.find(({ file }) => file === first.source.file)!;
  const none = count === 1 ? `The only record in ${names} cannot` : `None of the ${count} records in ${names} can`;
  return new PoolError(
    `${none} be used. ${count === 1 ? '' : 'The first: '}${locate(first.source, unit)}: ${first.cause}.`,
    {
      hint:
        first.cause === NOT_UTF8
          ? NAME_THE_ENCODING
          : sentence`Check the format and ${option('from')}, or set ${option('fields.instruction')} to the field that holds the text.`,
      data: { file: first.source.file, line: first.source.line },
    },
  );
}
