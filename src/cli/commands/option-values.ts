import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { parseMapping } from '../../campaign/config/parse-mapping.ts';
import { UsageError } from '../../domain/errors.ts';
import { type MicroUsd, parseUsd } from '../../domain/money.ts';
import type { RoleNames } from '../../records/conversations/turn-roles.ts';
import type { OwnReading } from '../../records/reading-options.ts';
import { messageOf } from '../../records/record-reader.ts';

/** @returns a reader of whole numbers of at least `least` */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      const bound = least > Number.MIN_SAFE_INTEGER ? ` of at least ${least}` : '';
      throw new InvalidArgumentError(`It must be a whole number${bound}.`);
    }
    return value;
  };
}

export function decimal(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

export function dollars(text: string): MicroUsd {
  const amount = parseUsd(text);
  if (amount === undefined) throw new InvalidArgumentError('It must be an amount in dollars, such as 2.50.');
  return amount;
}

/**
 * Collects ids: each is one, or with `@` before it a file of ids, one a line. `@@` begins an id that begins with `@`.
 * @throws UsageError where there is no such file
 */
export function idList(text: string, before: readonly string[] = []): readonly string[] {
  if (!text.startsWith('@')) return [...before, text];
  if (text.startsWith('@@')) return [...before, text.slice(1)];
  const lines = textOf(text.slice(1), 'file of ids', `Check the path. If ${text} is an id, write @${text}.`)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  return [...before, ...lines.map((line) => line.trim()).filter((line) => line !== '')];
}

/** The file that says how single files are read. @throws UsageError where there is none; ConfigError */
export function mappingFile(path: string): Readonly<Record<string, OwnReading>> {
  return parseMapping(textOf(path, 'mapping', 'Check the path.'), path);
}

/** The text of a small file that an option names. @throws UsageError where it cannot be read */
function textOf(path: string, what: string, hint: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new UsageError(`The ${what} "${path}" cannot be read: ${why}.`, hint);
  }
}

/** `tutor=assistant,pupil=user`; whether the roles exist is checked where they are used. */
export function roleNames(text: string): RoleNames {
  const pairs = text.split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  if (!pairs.every((pair) => pair.length === 2 && pair.every((part) => part !== ''))) {
    throw new InvalidArgumentError('It must be pairs such as tutor=assistant,pupil=user.');
  }
  return Object.fromEntries(pairs);
}
