/** Where there is too little room for a text and a mark, this many characters are kept all the same. */
const FEWEST_CHARACTERS = 24;
/** Share of the kept characters that comes from the beginning. */
const HEAD_SHARE = 0.7;
/** No tokenizer in use packs more than this many characters into a token, on average over ordinary text. */
const MOST_CHARACTERS_PER_TOKEN = 8;

/**
 * Shortens a text to about `maxTokens`: the head and the tail stay, a mark says how many characters are
 * left out between them. Never cuts through a surrogate pair. A text that fits is returned as it is.
 * @param countTokens as the model counts, or an estimate
 */
export function shortenText(text: string, maxTokens: number, countTokens: (text: string) => number): string {
  let kept = Math.min(text.length, Math.max(FEWEST_CHARACTERS, maxTokens * MOST_CHARACTERS_PER_TOKEN));
  let shortened = cut(text, kept);
  let tokens = countTokens(shortened);
  while (tokens > maxTokens && kept > FEWEST_CHARACTERS) {
    kept = Math.max(FEWEST_CHARACTERS, Math.floor(kept * Math.min(0.9, maxTokens / tokens)));
    shortened = cut(text, kept);
    tokens = countTokens(shortened);
  }
  return shortened;
}

function cut(text: string, kept: number): string {
  if (kept >= text.length) return text;
  const head = wholeCharacters(text, Math.ceil(kept * HEAD_SHARE));
  const tail = wholeCharacters(text, text.length - (kept - Math.ceil(kept * HEAD_SHARE)));
  return `${text.slice(0, head)}[… ${(tail - head).toLocaleString('en-US')} characters left out …]${text.slice(tail)}`;
}

/** The index itself, or the one before where it would split a surrogate pair. */
function wholeCharacters(text: string, index: number): number {
  const code = text.charCodeAt(index);
  const before = text.charCodeAt(index - 1);
  const splits = code >= 0xdc00 && code <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
  return splits ? index - 1 : index;
}
