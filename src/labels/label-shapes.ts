import { z } from 'zod';
import { isJsonObject } from '../domain/instruction.ts';

const SHOWN_CHARACTERS = 60;

const NO_ID = 'is missing or not an id: winnow did not write this record';

/** Our key. A tool may have made a number of a text of digits; beyond 2⁵³ that lost digits, so it is refused. */
export const itemIdSchema = z.union([z.string().min(1, NO_ID), z.int().transform(String)], { error: NO_ID });

/** Fields beside an answer. What cannot be read of them costs itself, never the answer. */
export interface SideFields {
  readonly annotator: string | null;
  readonly seconds: number | null;
  readonly submittedAtMs: number | null;
  readonly sourceId: string | null;
  /** What could not be read, as the end of "row 3: …". */
  readonly warnings: readonly string[];
}

/** The names of side fields in a tool's record; of several the first one counts that says something. */
export interface SideFieldNames {
  readonly annotator?: readonly string[];
  readonly seconds?: readonly string[];
  readonly submittedAtMs?: readonly string[];
  readonly sourceId?: readonly string[];
}

/** @param decimalComma whether numbers have a comma before their decimals, as in tables with semicolons */
export function readSideFields(
  record: unknown,
  names: SideFieldNames,
  { decimalComma = false }: { readonly decimalComma?: boolean } = {},
): SideFields {
  const fields = isJsonObject(record) ? record : {};
  const warnings: string[] = [];
  const read = <T>(
    all: readonly string[] = [],
    parse: (value: unknown) => T | undefined,
    expected: string,
  ): T | null => {
    for (const name of all) {
      const value = fields[name];
      if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) continue;
      const parsed = parse(value);
      if (parsed !== undefined) return parsed;
      warnings.push(`its ${name} is ${quoted(value)}, not ${expected}; it is ignored`);
    }
    return null;
  };
  return {
    annotator: read(names.annotator, readName, 'a name'),
    seconds: read(names.seconds, (value) => readSeconds(value, decimalComma), 'a number of seconds of at least 0'),
    submittedAtMs: read(names.submittedAtMs, readTime, 'a time such as 2025-01-31T09:30:00Z'),
    sourceId: read(names.sourceId, readId, 'an id'),
    warnings,
  };
}

/** A number, a name, or an account with an email or an id. */
function readName(value: unknown): string | undefined {
  return readId(isJsonObject(value) ? value.email || value.id : value);
}

function readId(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

const THOUSANDS = /^\d{1,3}(?:\.\d{3})+(?=,|$)/;
/** Three digits after a comma may be thousands. */
const DECIMAL_COMMA = /^\d+,(?:\d{1,2}|\d{4,})$/;

function readSeconds(value: unknown, decimalComma: boolean): number | undefined {
  let text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  if (decimalComma && text.includes(',')) {
    text = text.replace(THOUSANDS, (whole) => whole.replaceAll('.', '')).replace(',', '.');
  } else if (decimalComma && THOUSANDS.test(text)) return undefined;
  else if (DECIMAL_COMMA.test(text)) text = text.replace(',', '.');
  const seconds = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

const ISO_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?/;
const ZONE = /(?:Z|[+-]\d\d(?::?\d\d)?)$/i;
const SHORT_ZONE = /[+-]\d\d$/;
/** Seconds since 1970 have ten digits from 2001 to 2286, milliseconds thirteen. */
const LEAST_EPOCH_SECONDS = 1e9;
const LEAST_EPOCH_MILLISECONDS = 1e12;

/**
 * An ISO 8601 time, or seconds or milliseconds since 1970, as milliseconds since then. Without a zone it is UTC, as the
 * tools write it, so that the same file means the same on every machine.
 */
function readTime(value: unknown): number | undefined {
  if (typeof value === 'number') {
    if (value >= LEAST_EPOCH_MILLISECONDS && value < LEAST_EPOCH_MILLISECONDS * 10) return Math.round(value);
    const isSeconds = value >= LEAST_EPOCH_SECONDS && value < LEAST_EPOCH_SECONDS * 10;
    return isSeconds ? Math.round(value * 1000) : undefined;
  }
  const text = typeof value === 'string' ? value.trim() : '';
  const milliseconds = ISO_TIME.test(text) ? Date.parse(isoTime(text)) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

function isoTime(text: string): string {
  if (text.length === '2025-01-31'.length) return `${text}T00:00:00Z`;
  const time = text.replace(' ', 'T').replace(',', '.');
  const clock = time.slice('2025-01-31T'.length);
  // PostgreSQL writes +01 for +01:00.
  if (SHORT_ZONE.test(clock)) return `${time}:00`;
  return ZONE.test(clock) ? time : `${time}Z`;
}

/** A response, or null where there is nothing but white space. What there is stays as it is. */
export function nonBlank(text: string | null | undefined): string | null {
  return text === null || text === undefined || text.trim() === '' ? null : text;
}

/** What is wrong with a record, as the end of "record 3: …". */
export function problemOf(value: unknown, error: z.ZodError): string {
  if (!isJsonObject(value)) return `it is ${Array.isArray(value) ? 'a list' : quoted(value)}, not an object`;
  const [issue] = error.issues;
  return issue === undefined ? 'it cannot be read' : `its ${issue.path.join('.')} ${inLowerCase(issue.message)}`;
}

function inLowerCase(message: string): string {
  return message.startsWith('Invalid input') ? `is invalid (${message.slice('Invalid input: '.length)})` : message;
}

/** A value of a user's file for a message: as JSON, on one line, cut. */
export function quoted(value: unknown): string {
  const json = JSON.stringify(typeof value === 'string' ? value.slice(0, SHOWN_CHARACTERS).toWellFormed() : value);
  return (json ?? 'nothing').slice(0, SHOWN_CHARACTERS + 2).toWellFormed();
}
