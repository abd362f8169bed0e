/** The first of Unicode's control pictures: U+0000 is shown as U+2400, and so on. */
const CONTROL_PICTURES = 0x2400;
const PICTURE_OF_DELETE = '\u2421';
const REPLACEMENT = '\ufffd';

/**
 * A text with its invisible characters made visible. Control characters, for example of ANSI escapes, become pictures
 * (␛, ␀). Halves of characters become a replacement character. Marks that reverse the text direction are shown by their
 * code, because they can hide what a text says.
 */
export function visibleText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    if (character === '\n' || character === '\t') return character;
    const code = character.codePointAt(0)!;
    if (code < 0x20) return String.fromCodePoint(CONTROL_PICTURES + code);
    if (code === 0x7f) return PICTURE_OF_DELETE;
    return code >= 0x2000 && code <= 0x206f ? `[U+${code.toString(16).toUpperCase()}]` : REPLACEMENT;
  });
}

/**
 * Cuts a text into pieces of at most `size` characters. Cuts at the end of a line or at a space if the second half of a
 * piece has one, and never inside a character.
 */
export function textPieces(text: string, size: number): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = start + size >= text.length ? text.length : cutBefore(text, start, start + size);
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

function cutBefore(text: string, start: number, end: number): number {
  const middle = start + (end - start) / 2;
  for (const mark of ['\n', ' ']) {
    const at = text.lastIndexOf(mark, end - 1);
    if (at >= middle) return at + 1;
  }
  const isInsideCharacter = /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(end - 1, end + 1));
  return isInsideCharacter ? end - 1 : end;
}
