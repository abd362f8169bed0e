import { foldLines } from './fold-lines.ts';
import { textWidth } from './text-width.ts';

/** Paragraphs are written in lines about as long as this or longer; what is shorter ends where it is to. */
const WRITTEN_LINE = /^(| {6})(\S.{79,})\n\1(?=\S)/gm;
/** An option and its value. */
const OPTION = /( --?[a-z][\w-]*) (?=[^-\s])/g;
/** As wide as a space, and none to break a line at. */
const GLUE = '\u00a0';
const COMMAND = /^ {2}\$ /;
const COMMAND_INDENT = '      ';

/** Help for a terminal: paragraphs and lines broken between words, commands so that they can still be copied and typed. */
export function foldHelp(text: string, width: number): string {
  return text
    .replace(WRITTEN_LINE, '$1$2 ')
    .split('\n')
    .map((line) => (COMMAND.test(line) ? foldCommand(line, width) : foldLines(line, width)))
    .join('\n');
}

function foldCommand(line: string, width: number): string {
  if (textWidth(line) <= width) return line;
  const glued = line.replace(OPTION, `$1${GLUE}`);
  const [first, ...rest] = foldLines(glued, width - COMMAND_INDENT.length).split('\n');
  return [first, ...rest.map((part) => `${COMMAND_INDENT}${part.trimStart()}`)].join(' \\\n').replaceAll(GLUE, ' ');
}
