import { contextText } from '../../../domain/conversation.ts';
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
  /** The distinct words that show the subject of the response. */
  readonly contentWords: ReadonlySet<string>;
}

const TOKEN = /[\p{L}\p{M}\p{N}]+(?:'\p{L}+)?|\n|[^\s\p{L}\p{M}\p{N}]/gu;

/** O(1) in the length of texts beyond the part that `plainSpelling` keeps. */
export function readPair(item: JudgedItem): PairReading {
  const { instruction, input, response = '' } = item;
  const earlier = contextText(item);
  const given = plainInput(input);
  const plain = {
    instruction: plainSpelling(instruction),
    input: earlier === undefined ? given : plainSpelling(`${earlier}\n\n${given}`),
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
    contentWords: contentWordsOf(distinctWords),
  };
}

/** Short words occur in every text; digits always count. */
export function isContentWord(word: string): boolean {
  return word.length >= 4 || /^\p{N}+$/u.test(word);
}

export function contentWordsOf(words: Iterable<string>): Set<string> {
  const found = new Set<string>();
  for (const word of words) if (isContentWord(word)) found.add(word);
  return found;
}

/**
 * The kinds of instructions, by the length of the answer they ask for, with the cues of each. The first match is used.
 * English only; instructions in other languages are `other`.
 */
const KINDS = {
  classify:
    /\b(?:classify|categori[sz]e|label|tag|identify|determine|detect|choose|select|pick|sort|arrange|true or false|yes or no|which of|positive or negative|odd one)\b/i,
  rewrite:
    /\b(?:rewrite|edit|correct|translate|paraphrase|rephrase|fix|reword|shorten|simplify|modify|revise|convert|replace|combine|insert|unscramble|fill in|complete the|punctuat\w+)\b/i,
  list: /\b(?:list|examples?|ways|steps|tips|ideas|reasons|benefits|brainstorm|suggest\w*|recommend\w*|name (?:some|\w+ \p{L}+s)\b|give (?:me )?(?:some|a list))/iu,
  write:
    /\b(?:write|create|compose|generate|construct|design|draft|develop|come up with|make up|story|essay|poem|letter|e-?mail|speech|script|blog|article about)\b/i,
  explain:
    /\b(?:explain|describe|discuss|compare|contrast|analy[sz]e|evaluate|summari[sz]e|outline|how (?:do|does|can|to|would|should|did|is|are)|why)\b/i,
  fact: /^\W*(?:who|whom|whose|when|where|which|what|how (?:many|much|old|long|far|tall|big|often)|is|are|was|were|do|does|did|can|has|have|name|calculate|solve|find|count|compute|given)\b/i,
} as const;

export const INSTRUCTION_KINDS = ['classify', 'rewrite', 'list', 'write', 'explain', 'fact', 'other'] as const;
export type InstructionKind = (typeof INSTRUCTION_KINDS)[number];

/** @param instruction in plain spelling */
export function instructionKind(instruction: string): InstructionKind {
  return INSTRUCTION_KINDS.find((kind) => kind !== 'other' && KINDS[kind].test(instruction)) ?? 'other';
}
