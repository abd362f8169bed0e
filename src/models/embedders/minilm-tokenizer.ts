import { Tokenizer } from '@huggingface/tokenizers';

/** Tokens the model looks at, [CLS] and [SEP] among them. */
export const MINILM_MAX_TOKENS = 256;

/** Most texts are shorter, so that one try is enough. */
const FIRST_TRY_CHARACTERS = 2_048;
const MORE_EACH_TRY = 4;
const MAX_CHARACTERS = 65_536;
/** WordPiece looks into words of up to 100 characters; longer ones become one [UNK]. */
const MAX_TOKENS_PER_WORD = 100;

/** Gives the ids of a text's tokens: [CLS], at most 254 others, [SEP]. Never throws. */
export type MinilmTokenizer = (text: string) => Int32Array;

/**
 * Makes the tokenizer of all-MiniLM-L6-v2.
 *
 * A text of any length takes some milliseconds, for only as much of it is looked at as is needed: a
 * prefix, lengthened until it has tokens enough. Where it is cut it may cut a word, which has at most 100
 * tokens, so the tokens before the last 100 are those of the whole text. After 65,536 characters it ends:
 * that is 254 words of 100 characters, more than twice over. Only a text that begins with longer words
 * (encoded files, say) or with that many blanks may get other tokens than if it were read on.
 * @param definition the content of the model's tokenizer.json
 */
export function minilmTokenizer(definition: object): MinilmTokenizer {
  // The file asks to pad and cut to 128 tokens; the model was trained with up to 256, and padding is for batches.
  const tokenizer = new Tokenizer({ ...definition, padding: null, truncation: null }, {});
  return (text) => {
    for (let characters = FIRST_TRY_CHARACTERS; ; characters *= MORE_EACH_TRY) {
      const end = Math.min(characters, MAX_CHARACTERS, text.length);
      // Half a surrogate pair, in the text or where it is cut, is no token: the tokenizer leaves it out.
      const { ids } = tokenizer.encode(text.slice(0, end));
      const enough = ids.length >= MINILM_MAX_TOKENS + MAX_TOKENS_PER_WORD;
      if (enough || end === text.length || end === MAX_CHARACTERS) return cutToMaxTokens(ids);
    }
  };
}

function cutToMaxTokens(ids: readonly number[]): Int32Array {
  if (ids.length <= MINILM_MAX_TOKENS) return Int32Array.from(ids);
  const cut = Int32Array.from(ids.slice(0, MINILM_MAX_TOKENS));
  cut[MINILM_MAX_TOKENS - 1] = ids.at(-1)!;
  return cut;
}
