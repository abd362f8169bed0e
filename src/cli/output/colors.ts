import { randomInt } from 'node:crypto';
import { safeBlock } from './safe-text.ts';

/** Whether a person may be looking, who has not asked for plain text. Streams that are no terminals stay plain: see `print`. */
const isWanted = !process.env.NO_COLOR && (Boolean(process.env.FORCE_COLOR) || isTerminal());

function isTerminal(): boolean {
  return Boolean(process.stdout.isTTY || process.stderr.isTTY) && process.env.TERM !== 'dumb';
}

/**
 * Our own color codes carry numbers that no text from outside knows. Only they reach the terminal: see `shownText`.
 */
const KEY = [0, 1, 2].map(() => randomInt(1000, 10_000)).join(';');
const OURS = new RegExp(`\\u001b\\[${KEY};(\\d+)m`);

type Paint = (text: string) => string;

function paint(open: number, close: number): Paint {
  if (!isWanted) return (text) => text;
  const [begin, end] = [open, close].map((code) => `\u001b[${KEY};${code}m`) as [string, string];
  // What ends a color inside of another with the same end must not end both.
  return (text) => (text === '' ? '' : `${begin}${text.replaceAll(end, end + begin)}${end}`);
}

const [PLAIN_WEIGHT, PLAIN_COLOR] = [22, 39];

/** The colors of everything that is printed. */
export const colors = {
  bold: paint(1, PLAIN_WEIGHT),
  dim: paint(2, PLAIN_WEIGHT),
  red: paint(31, PLAIN_COLOR),
  green: paint(32, PLAIN_COLOR),
  yellow: paint(33, PLAIN_COLOR),
  blue: paint(34, PLAIN_COLOR),
  magenta: paint(35, PLAIN_COLOR),
  cyan: paint(36, PLAIN_COLOR),
};

/**
 * What is written for a text of any origin: no control characters but line ends and tabs, no escape sequences but our
 * own colors, nothing invisible. Everything that is printed for people passes here.
 * @param inColor whether our colors are wanted
 */
export function shownText(text: string, inColor: boolean): string {
  return text
    .split(OURS)
    .map((part, index) => (index % 2 === 0 ? safeBlock(part) : inColor ? `\u001b[${part}m` : ''))
    .join('');
}

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
