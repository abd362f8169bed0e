import { UsageError } from '../domain/errors.ts';
import { option, sentence } from '../domain/wording.ts';
import { TURN_CHOICES } from './conversations/split-turns.ts';
import type { RecordReading } from './parse-record.ts';
import { PRESETS } from './presets/registry.ts';
import type { RemoteAccess } from './remote/remote-store.ts';
import { checkEncoding } from './text-encoding.ts';
import { TEXT_ITEMS, type TextItems } from './text-lines.ts';

/** What to do about personal data: only count it, replace it by placeholders, or leave its items out. */
export const PERSONAL_DATA_CHOICES = ['report', 'mask', 'exclude'] as const;
export type PersonalDataChoice = (typeof PERSONAL_DATA_CHOICES)[number];

/** How one file is read. Nothing is required. */
export interface OwnReading extends RecordReading {
  /** Leave unreadable records out, counted and reported, instead of failing. */
  readonly skipBadLines?: boolean | undefined;
  /** Of files that are not UTF-8 and have no byte order mark: `windows-1252`, for example. */
  readonly encoding?: string | undefined;
  /** The tool that wrote the records; see PRESETS. Default: recognized where it can be. */
  readonly from?: string | undefined;
  /** What one item of a text file is. Default: a line; of Markdown the file. */
  readonly textItems?: TextItems | undefined;
}

/** How files are read. Nothing is required. */
export interface ReadingOptions extends OwnReading {
  /** How single files are read, by name or pattern: `{'*.csv': {fields: {instruction: 'question'}}}`. */
  readonly byFile?: Readonly<Record<string, OwnReading>> | undefined;
  /** What to do about e-mail addresses, phone numbers, cards, IBANs, keys and IP addresses. Default: they are not looked for. */
  readonly pii?: PersonalDataChoice | undefined;
  /** For files on servers: where downloads are kept, and keys. */
  readonly remote?: RemoteAccess | undefined;
}

/** Every name. */
export const READING_OPTIONS: Readonly<Record<keyof ReadingOptions, true>> = {
  ...{ fields: true, turns: true, roles: true, skipBadLines: true, encoding: true, textItems: true, from: true },
  ...{ byFile: true, remote: true, pii: true },
};

/** Only how files are read, of options that hold more. */
export function readingOf(options: ReadingOptions): ReadingOptions {
  const { fields, turns, roles, skipBadLines, encoding, textItems, from, byFile, remote, pii } = options;
  return { fields, turns, roles, skipBadLines, encoding, textItems, from, byFile, remote, pii };
}

const ROLES = ['user', 'assistant', 'system', 'tool'];

/**
 * Checks values and brings names of roles into lower case.
 * @throws UsageError for a choice of turns a role or an encoding that does not exist, or a field that is named for two roles
 */
export function normalizeReading(options: ReadingOptions): ReadingOptions {
  const { turns, roles, encoding, textItems, from, fields = {} } = options;
  if (encoding !== undefined) checkEncoding(encoding);
  if (turns !== undefined && !TURN_CHOICES.includes(turns)) {
    throw new UsageError(sentence`${option('turns')} is one of ${TURN_CHOICES.join(', ')}, not ${turns}.`);
  }
  if (from !== undefined) PRESETS.find(from);
  if (options.pii !== undefined && !PERSONAL_DATA_CHOICES.includes(options.pii)) {
    throw new UsageError(sentence`${option('pii')} is one of ${PERSONAL_DATA_CHOICES.join(', ')}, not ${options.pii}.`);
  }
  if (textItems !== undefined && !TEXT_ITEMS.includes(textItems)) {
    throw new UsageError(sentence`${option('textItems')} is one of ${TEXT_ITEMS.join(', ')}, not ${textItems}.`);
  }
  const unknown = Object.entries(roles ?? {}).find(([, role]) => !ROLES.includes(role));
  if (unknown !== undefined) {
    throw new UsageError(
      sentence`${option('roles')} says that ${unknown[0]} stands for ${unknown[1]}, which is not one of ${ROLES.join(', ')}.`,
    );
  }
  const named = Object.entries(fields).filter(([, name]) => name !== undefined);
  const [role, name] = named.find(([one, field]) => named.some(([other, same]) => other > one && same === field)) ?? [];
  if (role !== undefined) {
    const other = named.find(([one, field]) => one > role && field === name)![0];
    throw new UsageError(
      sentence`${option(`fields.${role}`)} and ${option(`fields.${other}`)} both name "${name!}".`,
      'A field plays one role. Leave one of them out.',
    );
  }
  const lowerCase = Object.entries(roles ?? {}).map(([from, to]) => [from.trim().toLowerCase(), to] as const);
  return {
    ...options,
    // Without a name, records are read the fast way.
    fields: named.length === 0 ? undefined : Object.fromEntries(named),
    ...(roles === undefined ? {} : { roles: Object.fromEntries(lowerCase) }),
  };
}

/** The settings of one file alone, checked, to be laid over those of all. @throws UsageError */
export function ownReading(reading: OwnReading): OwnReading {
  return Object.fromEntries(Object.entries(normalizeReading(reading)).filter(([, value]) => value !== undefined));
}
