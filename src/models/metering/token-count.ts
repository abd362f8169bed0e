import { createRequire } from 'node:module';

/**
 * `o200k_base`: OpenAI's chat models since GPT-4o; `cl100k_base`: its embedding models, GPT-3.5 and GPT-4; the others:
 * its models before those.
 */
export type TokenEncoding = 'o200k_base' | 'cl100k_base' | 'p50k_base' | 'r50k_base';

type Tokenizer = typeof import('gpt-tokenizer/encoding/o200k_base');

const requireModule = createRequire(import.meta.url);
const isBuilt = !import.meta.url.endsWith('.ts');
const tokenizers = new Map<TokenEncoding, Tokenizer>();

/** Pool text may hold "<|endoftext|>"; to us that is text like any other. */
const PLAIN_TEXT = { disallowedSpecial: new Set<string>() };
/** Byte-pair merging takes quadratic time in the length of an unbroken run of letters. */
const PIECE_CHARACTERS = 2_048;

/**
 * Counts tokens as OpenAI's models do. Long text is counted piece by piece, cut at spaces where there
 * are any: exact for ordinary text, a little too high for long runs without one.
 * Cost: linear, about 30 ns a character; the first call loads the vocabulary (0.2 s).
 */
export function countTokens(text: string, encoding: TokenEncoding = 'o200k_base'): number {
  const tokenizer = tokenizerFor(encoding);
  let count = 0;
  for (const piece of pieces(text)) count += tokenizer.countTokens(piece, PLAIN_TEXT);
  return count;
}

/** A beginning of the text with at most `maxTokens` tokens, and hardly fewer; the text itself where it fits. */
export function cutToTokens(text: string, maxTokens: number, encoding: TokenEncoding = 'o200k_base'): string {
  let left = maxTokens;
  let kept = 0;
  for (const piece of pieces(text)) {
    const tokens = countTokens(piece, encoding);
    if (tokens > left) return text.slice(0, kept + fittingLength(piece, left, encoding));
    left -= tokens;
    kept += piece.length;
  }
  return text;
}

/**
 * By bisection rather than by decoding tokens, which may end within a character. A longer beginning can
 * have fewer tokens ("fiv" has more than "five"), so this may miss the longest by a word.
 */
function fittingLength(piece: string, maxTokens: number, encoding: TokenEncoding): number {
  let fits = 0;
  let tooLong = piece.length;
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (countTokens(piece.slice(0, middle), encoding) <= maxTokens) fits = middle;
    else tooLong = middle;
  }
  return fits > 0 && isHighSurrogate(piece.charCodeAt(fits - 1)) ? fits - 1 : fits;
}

/** Loaded when first needed, and synchronously, so that counting is synchronous. */
function tokenizerFor(encoding: TokenEncoding): Tokenizer {
  let tokenizer = tokenizers.get(encoding);
  if (!tokenizer) {
    // The built program has the vocabularies in dist/tokenizers.
    const name = isBuilt ? `../../tokenizers/${encoding}.cjs` : `gpt-tokenizer/encoding/${encoding}`;
    tokenizer = requireModule(name) as Tokenizer;
    tokenizers.set(encoding, tokenizer);
  }
  return tokenizer;
}

/** The text in pieces of bounded length, none of which ends within a surrogate pair. */
function* pieces(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + PIECE_CHARACTERS, text.length);
    if (end < text.length) {
      const space = text.slice(start + 1, end).lastIndexOf(' ');
      if (space >= 0) end = start + 1 + space;
      else if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    }
    yield text.slice(start, end);
    start = end;
  }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
