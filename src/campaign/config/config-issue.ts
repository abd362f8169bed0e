/** One thing wrong with a configuration. */
export interface ConfigIssue {
  /** From 1. */
  readonly line: number;
  /** A sentence; its full stop may be left out. */
  readonly message: string;
}

const MOST_CHARACTERS = 60;
/** Like the keys of providers: long, of letters and digits, without spaces. */
const LIKE_A_SECRET = /(?=[\w-]*\d)[\w-]{20,}/g;

/**
 * A value of the file for a message: on one line, cut, without characters that could steer a terminal, and
 * without what may be a key that was pasted into the wrong place.
 */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value === null) return 'empty';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? `"${harmless(value)}"` : String(value);
}

/** Foreign text for a message; see shown. */
export function harmless(text: string, mostCharacters = MOST_CHARACTERS): string {
  const characters = [...text.slice(0, mostCharacters * 4).replace(LIKE_A_SECRET, '…')].map((character) =>
    /[\p{C}\p{Zl}\p{Zp}]/u.test(character)
      ? `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`
      : character,
  );
  return characters.length <= mostCharacters
    ? characters.join('')
    : `${characters.slice(0, mostCharacters - 1).join('')}…`;
}
