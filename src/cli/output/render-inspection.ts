import { contextText, requestText } from '../../domain/conversation.ts';
import type { FieldMapping } from '../../domain/pool.ts';
import { spellWording } from '../../domain/wording.ts';
import type { InspectedFile, Inspection } from '../../runs/inspect.ts';
import { flagSpelling } from '../spelling.ts';
import { colors } from './colors.ts';
import { plural } from './format.ts';
import { safeLine } from './safe-text.ts';

const LONGEST_NAME = 200;
const LONGEST_TEXT = 300;
const LONGEST_NOTE = 400;

/** What was read from each file, and what to do about what was not. */
export function renderInspection(inspection: Inspection): string {
  const { files, instructions, exactDuplicates, badRecords, firstBad, notes } = inspection;
  const bad = firstBad.map(({ file, line, cause }) => `  ${safeLine(`${file}:${line}: ${cause}`, LONGEST_NOTE)}\n`);
  const more = badRecords > bad.length ? `  … and ${badRecords - bad.length} more\n` : '';
  const duplicates = exactDuplicates === 0 ? '' : `, ${plural(exactDuplicates, 'exact duplicate')} merged`;
  return [
    ...files.map(fileBlock),
    `${colors.bold('Total')}  ${plural(instructions, 'instruction')}${duplicates}\n`,
    ...(badRecords === 0 ? [] : [`${colors.yellow(`${plural(badRecords, 'record')} cannot be used`)}\n`, ...bad, more]),
    ...notes.map((note) => `${colors.yellow('note')}  ${safeLine(spellWording(note, flagSpelling), LONGEST_NOTE)}\n`),
  ].join('');
}

function fileBlock(file: InspectedFile): string {
  const lines = file.mappings.map(
    ({ mapping, records }) => `  fields   ${mappingText(mapping)}: ${plural(records, 'record')}\n`,
  );
  const turns =
    file.conversations === 0
      ? ''
      : `  turns    ${plural(file.turns, 'turn')} in ${plural(file.conversations, 'conversation')}\n`;
  const head = `${safeLine(file.file, LONGEST_NAME)}: ${plural(file.records, 'record')}, ${plural(file.items, 'item')}`;
  return `${colors.bold(head)}\n${lines.join('')}${turns}${file.examples.map(exampleBlock).join('')}\n`;
}

function mappingText({ conversation, ...roles }: FieldMapping): string {
  const parts = Object.entries(roles).flatMap(([role, field]) =>
    field === undefined ? [] : [`${role} = ${safeLine(field, LONGEST_NAME)}`],
  );
  if (conversation !== undefined) {
    const fields = conversation.map((field) => safeLine(field, LONGEST_NAME)).join(' + ');
    return [`conversation = ${fields}`, ...parts.filter((part) => part.startsWith('id ='))].join(', ');
  }
  return parts.join(', ');
}

function exampleBlock(item: InspectedFile['examples'][number]): string {
  const context = contextText(item);
  const rows = [
    ...(context === undefined ? [] : [['before', context]]),
    ['asked', requestText(item)],
    ...(item.output === undefined ? [] : [['response', item.output]]),
  ];
  const lines = rows.map(([name, text]) => `      ${name!.padEnd(9)}${safeLine(text!, LONGEST_TEXT)}\n`);
  return `  ${colors.dim(`item ${safeLine(item.id, LONGEST_NAME)}`)}\n${lines.join('')}`;
}
