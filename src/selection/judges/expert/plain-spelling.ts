import { readableText } from '../../../text/readable-text.ts';

/**
 * What a text on its way through JSON may have been left with: an escape, its backslash perhaps doubled. A backslash
 * before anything else stands for itself; formulas have such (`\\frac`, `\\times`), once doubled and once not.
 */
const ESCAPE =
  /\\+(?:u([0-9a-fA-F]{4})|([nr](?!abla|eq?\b|u\b|ot|ight|ho\b)|t(?!imes|ext|heta|an\b|au\b|o\b|riangle)))?/g;

/** Other spellings of one sign, by what all of them become. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  // First, as what stands at the start of a line is looked for below.
  [/[^\S\n]+/g, ' '],
  [/ ?\n[ \n]*/g, '\n'],
  // Marks of an editor, not of an author: code fences, bold, headings.
  [/```\w*|\*\*+/g, ''],
  [/^#+ /gm, ''],
  [/[‘’‚‛′`´]/g, "'"],
  [/[“”„‟″«»]|''/g, '"'],
  [/^ ?[•·▪◦●*‐‑‒–—―−+-]+ /gm, '- '],
  [/[‐‑‒–—―−]|--+/g, '-'],
  [/^ ?(\d{1,3})\) /gm, '$1. '],
  [/…/g, '...'],
  [/×/g, 'x'],
  [/÷/g, '/'],
  [/½/g, '1/2'],
  [/¼/g, '1/4'],
  [/[\u0326®™]/g, ''],
  // What was taken away may have left some behind.
  [/ +/g, ' '],
  [/ ?\n[ \n]*/g, '\n'],
];

/** Ways to say that there is no input. */
const NO_INPUT = /^\W*(?:no\s?input|none|n\/a)?\W*$/i;

/**
 * A text as its reader sees it, whatever program stored it: literal escapes (`\n`, `\u2019`, `\"`) are what they stand
 * for, quotes, dashes, bullets and spaces have one spelling each, emphasis and empty lines are gone. Whatever the expert
 * pairs have on one side only because of how that side was stored must be undone here, or a fitted scorer learns to read
 * it. Bounded like readableText, also in what it looks at. Never throws.
 */
export function plainSpelling(text: string): string {
  let plain = readableText(readableText(text).replace(ESCAPE, unescaped));
  for (const [spelling, one] of SPELLINGS) plain = plain.replace(spelling, one);
  return plain.trim();
}

/** The input in plain spelling; empty where it only says that there is none. */
export function plainInput(input: string | undefined): string {
  const plain = input === undefined ? '' : plainSpelling(input);
  return NO_INPUT.test(plain) ? '' : plain;
}

function unescaped(_: string, hex: string | undefined, space: string | undefined): string {
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  return space === undefined ? '' : space === 't' ? ' ' : '\n';
}
