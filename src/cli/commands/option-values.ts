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
  const path = text.slice(1);
  try {
    const lines = readFileSync(path, 'utf8')
      .replace(/^\ufeff/, '')
      .split(/\r?\n/);
    return [...before, ...lines.map((line) => line.trim()).filter((line) => line !== '')];
  } catch (error) {
    throw new UsageError(
      `The file of ids "${path}" cannot be read: ${messageOf(error)}.`,
      `Check the path. If ${text} is an id, write @${text}.`,
    );
  }
}

/** The file that says how single files are read. @throws UsageError where there is none; ConfigError */
export function mappingFile(path: string): Readonly<Record<string, OwnReading>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`The mapping "${path}" cannot be read: ${messageOf(error)}.`, 'Check the path.');
  }
  return parseMapping(text, path);
}

/** `tutor=assistant,pupil=user`; whether the roles exist is checked where they are used. */
export function roleNames(text: string): RoleNames {
  const pairs = text.split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  if (!pairs.every((pair) => pair.length === 2 && pair.every((part) => part !== ''))) {
    throw new InvalidArgumentError('It must be pairs such as tutor=assistant,pupil=user.');
  }
  return Object.fromEntries(pairs);
}
