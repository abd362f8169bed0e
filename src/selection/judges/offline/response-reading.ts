import { contextText } from '../../../domain/conversation.ts';
import { readableText } from '../../../text/readable-text.ts';
import { splitSentences, splitWords } from '../../../text/words.ts';
import type { JudgedItem } from '../judge.ts';

/** A response and its instruction, prepared for the features. Features read only this. */
export interface ResponseReading {
  /** Cleaned and bounded, see `readableText`. `input` holds the earlier conversation too, and is empty when there is neither. */
  readonly instruction: string;
  readonly input: string;
  readonly response: string;
  /** In order, in lower case. */
  readonly instructionWords: readonly string[];
  readonly inputWords: readonly string[];
  readonly words: readonly string[];
  /** Sentences and lines of the response, as written. */
  readonly sentences: readonly string[];
}

/** O(1) in the length of texts beyond what readableText keeps of them. */
export function readResponse(item: JudgedItem): ResponseReading {
  const { instruction, input = '', response = '' } = item;
  const earlier = contextText(item);
  const readable = {
    instruction: readableText(instruction),
    input: readableText(earlier === undefined ? input : `${earlier}\n\n${input}`),
    response: readableText(response),
  };
  return {
    ...readable,
    instructionWords: splitWords(readable.instruction.toLowerCase()),
    inputWords: splitWords(readable.input.toLowerCase()),
    words: splitWords(readable.response.toLowerCase()),
    sentences: splitSentences(readable.response),
  };
}

/** One thing a response may get wrong. */
export interface Flaw {
  /** Never changes: files of expert scorers contain it. */
  readonly name: string;
  /** For the reason shown to people. It never quotes the response. */
  readonly note: string;
  /** The share of its value that the response keeps, in [0, 1]; 1 without the flaw. */
  readonly keeps: (reading: ResponseReading) => number;
}

/** 0 up to `from`, 1 from `to` on, linear in between. */
export function ramp(value: number, from: number, to: number): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}
