/** The first of Unicode's control pictures: U+0000 is shown as U+2400, and so on. */
const CONTROL_PICTURES = 0x2400;
const PICTURE_OF_DELETE = '\u2421';
const REPLACEMENT = '\ufffd';

/** Scripts whose words are spelled with joiners and non-joiners. */
const JOINING = String.raw`\p{M}\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Khmr}\p{sc=Mymr}`;
/** Invisible characters where they belong: in words, in emoji such as 👩‍🚀, in 🏴󠁧󠁢󠁳󠁣󠁴󠁿, and after what has variants. */
const SPELLING = [
  String.raw`(?<=[${JOINING}])[\u200c\u200d](?=[${JOINING}])`,
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})`,
  String.raw`\u{1f3f4}[\u{e0061}-\u{e007a}]{2,6}\u{e007f}`,
  String.raw`(?<=[\p{Emoji}\p{S}\p{sc=Han}])[\ufe00-\ufe0f]`,
  String.raw`(?<=\p{sc=Han})[\u{e0100}-\u{e01ef}]`,
].join('|');
/** Controls, halves, marks of direction, joiners, fillers, and the tags and selectors that can carry a hidden text. */
const INVISIBLE = String.raw`[\p{Cc}\p{Cs}\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2028\u2029\u2065\u3164\ufe00-\ufe0f\uffa0\u{e0000}-\u{e0fff}]`;
const PATTERN = new RegExp(`(${SPELLING})|${INVISIBLE}`, 'gu');

/**
 * A text with its invisible characters made visible. Control characters, for example of ANSI escapes, become pictures
 * (␛, ␀), halves of characters a replacement character, and all others their code, as in [U+200B], because they can hide
 * what a text says. Line ends become line feeds. All else stays as it is.
 */
export function visibleText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(PATTERN, (character, isSpelling?: string) => {
    if (isSpelling !== undefined || character === '\n' || character === '\t') return character;
    const code = character.codePointAt(0)!;
    if (code < 0x20) return String.fromCodePoint(CONTROL_PICTURES + code);
    if (code === 0x7f) return PICTURE_OF_DELETE;
    if (code < 0xa0 || (code >= 0xd800 && code <= 0xdfff)) return REPLACEMENT;
    return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
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
