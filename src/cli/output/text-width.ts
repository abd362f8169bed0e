import stringWidth from 'string-width';

/** Signs of one column each that messages are full of: Latin letters, dashes, quotation marks, the parts of bars. */
const NARROW = /^[ -~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u2190-\u2193\u2500-\u259f]*$/;
/** Before a letter that readers take for a part of the one before, as in Hindi and Thai, and terminals do not. */
const JOINED_LETTER = /(?<=\p{Mn})(?=\p{L})|(?=[\u0e33\u0eb3])/u;
let graphemes: Intl.Segmenter | undefined;

/** Columns that a text takes in a terminal: Chinese signs and emoji take two, combining marks and escape sequences none. */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  return text.split(JOINED_LETTER).reduce((columns, part) => columns + stringWidth(part), 0);
}

/** The widest of some texts, in columns. */
export function widestOf(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
}

/** A text without escape sequences, cut to so many columns between what a reader takes for characters; says so by an ellipsis. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = '';
  let room = columns - 1;
  // Made when it is first needed, because that takes as long as a third of a start.
  graphemes ??= new Intl.Segmenter();
  for (const { segment } of graphemes.segment(text)) {
    room -= textWidth(segment);
    if (room < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Filled up with spaces on its right. */
export function padRight(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}

/** Filled up with spaces on its left. */
export function padLeft(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - textWidth(text))) + text;
}
