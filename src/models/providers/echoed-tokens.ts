/** What a completion server says of the tokens of a prompt it echoes and of what it adds, as far as it says it. */
export interface EchoedTokens {
  readonly tokens?: readonly string[] | null | undefined;
  /** Where each begins in the text, in characters as the server counts them. */
  readonly offsets?: readonly number[] | null | undefined;
}

/** Of the beginning, such as "<s>"; no tokenizer in use sets more. */
const MOST_MARKS = 2;
const MARK = /^[<[].*[>\]]$/s;

/**
 * How many of the tokens belong to the prompt: with any marks a tokenizer sets before it and any tokens generated after
 * it, the echoed text tells where it ends.
 * @param count how many tokens there are; of what does not speak of so many, nothing is believed
 * @returns undefined where that cannot be told, as of tokens that are parts of characters
 */
export function countEchoed(text: string, count: number, { tokens, offsets }: EchoedTokens): number | undefined {
  const told = tokens?.length === count ? tokens : undefined;
  const byTokens = told && countByTokens(text, told);
  return byTokens ?? (offsets?.length === count ? countByOffsets(text, offsets, told) : undefined);
}

function countByTokens(text: string, tokens: readonly string[]): number | undefined {
  const joined = tokens.join('');
  let begin = 0;
  for (let marks = 0; marks <= MOST_MARKS && marks < tokens.length; marks += 1) {
    // Some tokenizers put a space before the first word.
    for (const start of joined[begin] === ' ' ? [begin, begin + 1] : [begin]) {
      if (joined.startsWith(text, start)) return countBefore(start + text.length, tokens);
    }
    begin += tokens[marks]!.length;
  }
  return undefined;
}

function countBefore(end: number, tokens: readonly string[]): number {
  let count = 0;
  for (let start = 0; count < tokens.length && start < end; count += 1) start += tokens[count]!.length;
  return count;
}

/** Only where one begins, or the last ends, exactly where the prompt does: else the server counts in other units. */
function countByOffsets(
  text: string,
  offsets: readonly number[],
  tokens: readonly string[] | undefined,
): number | undefined {
  const first = tokens?.[0] ?? '';
  const mark = MARK.test(first) && !text.startsWith(first) ? (offsets[1] ?? 0) - offsets[0]! : 0;
  const end = mark + characters(text);
  const next = offsets.indexOf(end);
  if (next >= 0) return next;
  return tokens && offsets.at(-1)! + characters(tokens.at(-1)!) === end ? offsets.length : undefined;
}

/** As most servers count: a character beyond the basic plane is one. */
function characters(text: string): number {
  return [...text].length;
}
