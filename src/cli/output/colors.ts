import { createColors } from 'picocolors';

/** Whether a person may be looking, who has not asked for plain text. Streams that are no terminals stay plain: see `print`. */
const isWanted = !process.env.NO_COLOR && (Boolean(process.env.FORCE_COLOR) || isTerminal());

function isTerminal(): boolean {
  return Boolean(process.stdout.isTTY || process.stderr.isTTY) && process.env.TERM !== 'dumb';
}

/** The colors of everything that is printed. picocolors' own choice would color files too where `CI` is set. */
export const colors = createColors(isWanted);

/** ASCII replacements of the signs that winnow draws with, each one column wide, so that nothing moves. */
const PLAIN_SIGNS: readonly (readonly [RegExp, string])[] = [
  [/[█▉▊▋▌■]/g, '#'],
  [/[▍▎▏│┤]/g, '|'],
  [/▒/g, '='],
  [/[░─–−]/g, '-'],
  [/[┬└]/g, '+'],
  [/[\u2801-\u28ff]/g, '.'],
  [/[●○]/g, 'o'],
  [/[▲△]/g, '^'],
  [/[▼▽↓]/g, 'v'],
  [/[◆◇×]/g, 'x'],
  [/[★☆]/g, '*'],
  [/□/g, '%'],
  [/◂/g, '<'],
  [/[→≥]/g, '>'],
  [/[±…]/g, '~'],
  [/†/g, '+'],
  [/’/g, "'"],
];

/** The same in ASCII, as far as winnow's own signs go; other people's text stays what it is. */
function toAscii(text: string): string {
  return PLAIN_SIGNS.reduce((changed, [sign, plain]) => changed.replace(sign, plain), text);
}

/** How a text is to be shown: in ASCII where a locale is set that has no other signs, else as it is. */
export function signsFor({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): (text: string) => string {
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  return locale === '' || /utf-?8/i.test(locale) ? (text) => text : toAscii;
}
