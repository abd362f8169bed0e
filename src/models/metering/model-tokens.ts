import { countTokens, type TokenEncoding } from './token-count.ts';

/** How many more tokens a provider may bill than we count. May be too high, never too low. */
export interface TokenMargins {
  /** How many times as many tokens its tokenizers make of plain English as ours; other text has its own bounds. */
  readonly text: number;
  /** The reply's schema, and what the provider adds to the prompt to enforce it. */
  readonly schemaTokens: number;
  /** The encoding of a model whose tokenizer is public; undefined for others. */
  readonly encodingOf?: (model: string) => TokenEncoding | undefined;
}

/** The tokenizers of the open models (Llama, Qwen, Mistral) stay below this on ordinary text. */
export const CAUTIOUS_MARGINS: TokenMargins = { text: 1.5, schemaTokens: 800 };
/** Role, separators and end mark of one message. */
const MESSAGE_TOKENS = 8;
/** Of a text: a space that some tokenizers set before it. */
const BEGINNING_TOKENS = 2;
/** Words are shorter; tokenizers differ most on runs of letters that are none. */
const LONGEST_WORD = 16;

/** How a model's tokens are counted. */
export interface ModelTokens {
  /** Our own count of a text: by the model's tokenizer where that is public, by OpenAI's newest elsewhere. */
  count(text: string): number;
  /** The fewest tokens that the model can make of a text, but for a fifth of it. At most `count`. */
  fewest(text: string): number;
  /** The most tokens the model can make of a text. At least `count`. */
  most(text: string): number;
  /** The most input tokens a request can be billed for, roles and the reply's schema included. */
  mostInput(messages: readonly string[]): number;
  /** What one message of it can be billed for. */
  mostOfMessage(text: string): number;
  /** The most that a message takes of so many tokens as the model counts, such as its own answer sent back to it. */
  mostOfTokens(tokens: number): number;
}

/** Counts for one model of a provider. Cost of each count: linear in the text. */
export function modelTokens(model: string, margins: TokenMargins = CAUTIOUS_MARGINS): ModelTokens {
  const encoding = margins.encodingOf?.(model);
  // A model that its provider's rule does not name may have any tokenizer.
  const unknown = margins.encodingOf !== undefined && encoding === undefined;
  const factor = unknown ? Math.max(margins.text, CAUTIOUS_MARGINS.text) : margins.text;
  const count = (text: string) => countTokens(text, encoding);
  const most = (text: string) => (encoding === undefined ? mostByAnyTokenizer(text, factor) : count(text));
  const fewest = (text: string) => (encoding === undefined ? fewestByAnyTokenizer(text) : count(text));
  const mostOfTokens = (tokens: number) => Math.ceil((tokens + MESSAGE_TOKENS) * factor);
  const mostOfMessage = (text: string) =>
    encoding === undefined ? most(text) + mostOfTokens(0) : mostOfTokens(count(text));
  return {
    count,
    fewest,
    most,
    mostOfMessage,
    mostOfTokens,
    mostInput: (messages) => messages.reduce((sum, text) => sum + mostOfMessage(text), margins.schemaTokens),
  };
}

/**
 * The most tokens that any tokenizer in use makes of a text. English words cost our count times a factor. Digits and
 * signs may be a token each, and characters of other scripts a token a byte. No tokenizer makes more tokens than there
 * are bytes, but for marks at the beginning.
 */
function mostByAnyTokenizer(text: string, factor: number): number {
  if (text === '') return 0;
  const words = countTokens(text.replace(/[^A-Za-z]+/g, ' ')) * factor;
  // Some tokenizers write characters such as ﷺ out before they read them.
  const forms = isAscii(text) ? [text] : [text, text.normalize('NFKC'), text.normalize('NFD')];
  const bounds = forms.map((form) => Math.min(Buffer.byteLength(form), words + hardTokens(form)));
  return Math.ceil(Math.max(countTokens(text), ...bounds)) + BEGINNING_TOKENS;
}

/**
 * Tokenizers differ little on English and code. Of other scripts some hold whole words: there a token is taken to have
 * eight characters.
 */
function fewestByAnyTokenizer(text: string): number {
  if (isAscii(text)) return countTokens(text);
  const words = text.split(/\s+/);
  const others = words.filter((word) => !isAscii(word)).reduce((sum, { length }) => sum + length, 0);
  return countTokens(words.filter(isAscii).join(' ')) + others / 8;
}

/** How many tokens the parts of a text may take that are not English words. */
function hardTokens(text: string): number {
  let tokens = 0;
  let letters = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isLetter(code)) {
      letters += 1;
      if (letters > LONGEST_WORD) tokens += 1;
      continue;
    }
    letters = 0;
    // A space before a word is part of it.
    if (code === 0x20) tokens += isLetter(text.charCodeAt(at + 1)) ? 0 : 1;
    // Half of a surrogate pair, which takes four bytes, takes two.
    else if (code >= 0x800) tokens += code >= 0xd800 && code <= 0xdfff ? 2 : 3;
    else tokens += code >= 0x80 ? 2 : 1;
  }
  return tokens;
}

/** @param code of a UTF-16 unit; NaN beyond the end of a text */
function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
