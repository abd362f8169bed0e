import type { FileReading, PersonalDataFindings, Pool } from '../domain/pool.ts';
import { option, sentence, type Wording } from '../domain/wording.ts';
import type { PersonalDataKind } from './personal-data.ts';

const number = (count: number) => count.toLocaleString('en-US');
const counted = (count: number, one: string, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/**
 * What people should know of how a pool was read: what was left out, shown in another form or tolerated. Nothing where
 * all was plain.
 */
export function readingNotes({ readings, personalData }: Pick<Pool, 'readings' | 'personalData'>): Wording[] {
  return [...(personalData ? personalDataNotes(personalData) : []), ...readings.flatMap(fileNotes)];
}

const DONE: Readonly<Record<string, string>> = {
  report: 'It goes on as it is; to replace it by placeholders, mask it.',
  mask: 'It is replaced by placeholders.',
  exclude: 'These items are left out.',
};

const NAMES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'e-mail': ['e-mail address', 'e-mail addresses'],
  phone: ['phone number', 'phone numbers'],
  card: ['card number', 'card numbers'],
  IBAN: ['IBAN', 'IBANs'],
  key: ['key', 'keys'],
  IP: ['IP address', 'IP addresses'],
} satisfies Record<PersonalDataKind, readonly [string, string]>;

function personalDataNotes({ choice, kinds }: PersonalDataFindings): Wording[] {
  if (kinds.length === 0) return ['No personal data was found. Names are not looked for.'];
  const rows = kinds.map(({ kind, items, findings, values, first }) => {
    const [one, many] = NAMES[kind] ?? [kind, kind];
    const different = values === findings ? '' : `, ${number(values)} of them different,`;
    return `${counted(findings, one, many)}${different} in ${counted(items, 'item')} (first: ${first})`;
  });
  return [`Personal data: ${rows.join('; ')}. ${DONE[choice]} Names are not looked for.`];
}

function fileNotes(reading: FileReading): Wording[] {
  return [
    ...conversationNotes(reading),
    ...leftOutOf(reading),
    ...reading.placeholders.map(
      ({ role, records }) =>
        `${counted(records, `${role} that says`, `${role}s that say`)} "nothing" (such as nan or N/A) in ${reading.file} ${records === 1 ? 'was' : 'were'} not used.`,
    ),
    ...reading.tolerated.map((what) => `${reading.file}: ${what}.`),
  ];
}

/** What of the files is no record, a sentence each. */
export function leftOutNotes({ readings }: Pick<Pool, 'readings'>): string[] {
  return readings.flatMap(leftOutOf);
}

function leftOutOf({ leftOut, unit, file }: FileReading): string[] {
  return leftOut.map(
    ({ cause, records, firstLine }) =>
      `${counted(records, unit)} of ${file} left out: ${cause} (first: ${unit} ${firstLine}).`,
  );
}

function conversationNotes({ file, ...reading }: FileReading): Wording[] {
  const notes: Wording[] = [];
  if (reading.laterTurns > 0) {
    notes.push(
      sentence`${counted(reading.laterTurns, 'later turn')} of ${counted(reading.recordsWithLaterTurns, 'conversation')} in ${file} are left out. To use them, set ${option('turns')} to last or each.`,
    );
  }
  if (reading.messages > 0) {
    notes.push(
      `${file} has one message a ${reading.unit}: ${counted(reading.messages, 'message')} became ${counted(reading.items, 'conversation')}.`,
    );
  }
  if (reading.media > 0) {
    notes.push(
      `${counted(reading.media, 'image or audio part', 'image or audio parts')} in ${counted(reading.recordsWithMedia, 'record')} of ${file} are shown as placeholders.`,
    );
  }
  return notes;
}
