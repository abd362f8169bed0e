import { splitSentences, splitWords } from '../../text/split-words.ts';
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
  return {
    ...plain,
    instructionWords: splitWords(plain.instruction.toLowerCase()),
    inputWords: splitWords(plain.input.toLowerCase()),
    words,
    sentences: splitSentences(plain.response),
    tokens,
    counts,
    distinctWords: new Set(words),
  };
}
