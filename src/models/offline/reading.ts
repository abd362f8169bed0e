import { readableText } from '../../text/readable-text.ts';
import { splitSentences, splitWords } from '../../text/words.ts';
import type { PromptCandidate } from '../providers/llm-client.ts';
import { taskPart } from './task-part.ts';

/** One candidate prepared for the features, all of which read only this. */
export interface Reading {
  /** The whole instruction, cleaned and bounded (see readableText). */
  readonly text: string;
  /** The instruction without material pasted into it (see taskPart). */
  readonly task: string;
  /** Words and sentences of the task. */
  readonly words: readonly string[];
  readonly sentences: readonly string[];
  /** Number of words of what the task is about: pasted into the instruction, or given as input. */
  readonly materialWordCount: number;
  /**
   * In (0, 1]: what one find in the task is worth. Below 1 once the instruction is longer than people write tasks, so
   * that a long pasted passage does not win by holding more of everything.
   */
  readonly worthOfAFind: number;
}

/** The longest instruction that counts as written for the task, in words; beyond it, finds count by density. */
const TASK_WORDS = 80;

export function readCandidate(candidate: Omit<PromptCandidate, 'id'>): Reading {
  const text = readableText(candidate.instruction);
  const { task, material } = taskPart(text);
  const words = splitWords(task);
  const pastedWordCount = splitWords(material).length;
  return {
    text,
    task,
    words,
    sentences: splitSentences(task),
    materialWordCount: pastedWordCount + materialWords(candidate),
    worthOfAFind: Math.min(1, TASK_WORDS / Math.max(1, words.length + pastedWordCount)),
  };
}

/** Words of the input and of what was said before. */
function materialWords({ input = '', earlier_conversation = '' }: Partial<PromptCandidate>): number {
  return splitWords(readableText(`${earlier_conversation} ${input}`.trim())).length;
}

/** What one feature says of a candidate. */
export interface Finding {
  /** In [0, 1]. */
  readonly value: number;
  /** The evidence, for the reason shown to people: our own words and numbers, never the candidate's text. Empty when there is none. */
  readonly note: string;
}

/** Turns a number of finds into [0, 1): the first ones count most. `scale` finds give 1 − 1/e ≈ 0.63. */
export function saturate(finds: number, scale: number): number {
  return 1 - Math.exp(-Math.max(0, finds) / scale);
}
