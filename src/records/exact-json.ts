import { parseForeignJson } from '../domain/foreign-json.ts';

/** Where a value may be a whole number with so many digits that a number of JavaScript can lose some. */
const MAY_BE_LONG = /[:[,\s]-?\d{16,}\s*[,}\]]/;
/** Few texts have so many digits in a row, which is found faster. */
const MANY_DIGITS = /\d{16}/;
const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * `parseForeignJson`, but whole numbers that lose digits beyond 2⁵³ become text with all of them: they are ids, and two
 * could become the same number. O(characters).
 * @param onTolerated is told where there are such numbers
 * @throws SyntaxError; JsonLimitError
 */
export function parseExactJson(text: string, onTolerated?: (what: string) => void): unknown {
  if (!MANY_DIGITS.test(text) || !MAY_BE_LONG.test(text)) return parseForeignJson(text);
  let found = false;
  const exact = text.replace(TEXT_OR_NUMBER, (token) => {
    if (!/^-?\d{16,}$/.test(token) || String(Number(token)) === token) return token;
    found = true;
    return `"${token}"`;
  });
  const value = parseForeignJson(found ? exact : text);
  if (found) onTolerated?.(TOLERATED);
  return value;
}

const TOLERATED = 'whole numbers of more than 15 digits, such as long ids, were read as text to keep all digits';
