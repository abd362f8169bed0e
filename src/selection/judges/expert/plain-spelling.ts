import { readableText } from '../../../text/readable-text.ts';

/**
 * An escape that JSON encoding may have left in a text, with one or more backslashes. A backslash before anything else is
 * literal; formulas contain such backslashes (`\\frac`, `\\times`), doubled or not.
 */
const ESCAPE =
  /\\+(?:u([0-9a-fA-F]{4})|([nr](?!abla|eq?\b|u\b|ot|ight|ho\b)|t(?!imes|ext|heta|an\b|au\b|o\b|riangle)))?/g;

/** Other spellings of a sign, with the spelling that replaces them. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  // First, because later patterns match at the start of a line.
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
  // Removed signs may have left spaces behind.
  [/ +/g, ' '],
  [/ ?\n[ \n]*/g, '\n'],
];

/** Texts that mean: no input. */
const NO_INPUT = /^\W*(?:no\s?input|none|n\/a)?\W*$/i;

/**
 * A text as its reader sees it, independent of the program that stored it: literal escapes (`\n`, `\u2019`, `\"`) are
 * decoded, quotes, dashes, bullets and spaces have one spelling each, and emphasis and empty lines are removed. Differences
 * between the two sides of an expert pair that come only from how they were stored must be removed here; otherwise a
 * scorer learns them. Reads and returns a bounded part of the text, like `readableText`. Never throws.
 */
export function plainSpelling(text: string): string {
  let plain = readableText(readableText(text).replace(ESCAPE, unescaped));
  for (const [spelling, one] of SPELLINGS) plain = plain.replace(spelling, one);
  return plain.trim();
}

/** The input in plain spelling; empty when it only says that there is none. */
export function plainInput(input: string | undefined): string {
  const plain = input === undefined ? '' : plainSpelling(input);
  return NO_INPUT.test(plain) ? '' : plain;
}

function unescaped(_: string, hex: string | undefined, space: string | undefined): string {
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  return space === undefined ? '' : space === 't' ? ' ' : '\n';
}
