import { z } from 'zod';
import { isJsonObject } from '../domain/instruction.ts';

const SHOWN_CHARACTERS = 60;

const NO_ID = 'is missing or no id: the record is none that winnow handed out';

/** Our key. A tool may have made a number of a text of digits; beyond 2⁵³ that lost digits, so it is refused. */
export const itemIdSchema = z.union([z.string().min(1, NO_ID), z.int().transform(String)], { error: NO_ID });

/** Who: a number, a name, or an account with an email or an id; blank means unknown. */
export const annotatorSchema = z
  .union(
    [
      z.string(),
      z.number(),
      z.object({ email: z.string().nullish(), id: z.union([z.string(), z.number()]).nullish() }),
    ],
    { error: 'does not name an annotator' },
  )
  .nullish()
  .transform((given) => {
    const who = typeof given === 'object' ? given?.email || given?.id : given;
    return nonBlank(who === undefined || who === null ? null : String(who));
  });

/** Seconds as a number or its text; blank is unknown. */
export const secondsSchema = z
  .union([z.number(), z.string()], { error: 'is no number of seconds' })
  .nullish()
  .transform((given, context) => {
    if (given === undefined || given === null || String(given).trim() === '') return null;
    const seconds = Number(given);
    if (Number.isFinite(seconds) && seconds >= 0) return seconds;
    context.addIssue({ code: 'custom', message: `is ${quoted(given)}, not a number of seconds of at least 0` });
    return z.NEVER;
  });

const ISO_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?/;
const ZONE = /(?:Z|[+-]\d\d(?::?\d\d)?)$/i;

/**
 * An ISO 8601 time as milliseconds since the epoch; blank is unknown. Without a zone it is UTC, as the tools
 * write it, so that the same file means the same on every machine.
 */
export const timestampSchema = z
  .string('is no time')
  .nullish()
  .transform((given, context) => {
    const text = given?.trim() ?? '';
    if (text === '') return null;
    const milliseconds = ISO_TIME.test(text) ? Date.parse(isoTime(text)) : Number.NaN;
    if (!Number.isNaN(milliseconds)) return milliseconds;
    context.addIssue({ code: 'custom', message: `is ${quoted(given)}, not a time such as 2025-01-31T09:30:00Z` });
    return z.NEVER;
  });

function isoTime(text: string): string {
  if (text.length === '2025-01-31'.length) return `${text}T00:00:00Z`;
  const time = text.replace(' ', 'T').replace(',', '.');
  return ZONE.test(time.slice('2025-01-31T'.length)) ? time : `${time}Z`;
}

/** An annotation's id in its tool, as text. */
export const sourceIdSchema = z
  .union([z.string(), z.number()], { error: 'is no id' })
  .nullish()
  .transform((given) => nonBlank(given === undefined || given === null ? null : String(given)));

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
