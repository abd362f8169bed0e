import { splitSentences, splitWords } from '../../../text/words.ts';
import type { JudgedItem } from '../judge.ts';
import type { ResponseReading } from '../offline/response-reading.ts';
import { plainInput, plainSpelling } from './plain-spelling.ts';

/** A pair in plain spelling, prepared for the features. */
export interface PairReading extends ResponseReading {
  /** Words, signs and line ends of the response in order, in lower case. */
  readonly tokens: readonly string[];
  /** How often each token is in the response. */
  readonly counts: ReadonlyMap<string, number>;
  readonly distinctWords: ReadonlySet<string>;
  /** Those of them that tell what the response is about. */
  readonly tellingWords: ReadonlySet<string>;
}

const TOKEN = /[\p{L}\p{M}\p{N}]+(?:'\p{L}+)?|\n|[^\s\p{L}\p{M}\p{N}]/gu;

/** O(1) in the length of texts beyond what plainSpelling keeps of them. */
export function readPair({ instruction, input, response = '' }: JudgedItem): PairReading {
  const plain = {
    instruction: plainSpelling(instruction),
    input: plainInput(input),
    response: plainSpelling(response),
  };
  const lower = plain.response.toLowerCase();
  const words = splitWords(lower);
  const tokens = lower.match(TOKEN) ?? [];
  const counts = new Map<string, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  const distinctWords = new Set(words);
  return {
    ...plain,
    instructionWords: splitWords(plain.instruction.toLowerCase()),
    inputWords: splitWords(plain.input.toLowerCase()),
    words,
    sentences: splitSentences(plain.response),
    tokens,
    counts,
    distinctWords,
    tellingWords: telling(distinctWords),
  };
}

/** Short words are in every text; digits always count. */
export function isTelling(word: string): boolean {
  return word.length >= 4 || /^\p{N}+$/u.test(word);
}

export function telling(words: Iterable<string>): Set<string> {
  const found = new Set<string>();
  for (const word of words) if (isTelling(word)) found.add(word);
  return found;
}
