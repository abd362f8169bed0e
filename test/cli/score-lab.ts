import { readFileSync } from 'node:fs';
import type { ChatPrompt } from '../support/chat-answers.ts';
import type { TemporaryFolder } from '../support/temporary-folder.ts';

/** An instruction about a number, so that requests to a judge differ, and its response. */
export function pairOf(number: number): { instruction: string; output: string } {
  return { instruction: `Say what ${number} times ${number} is.`, output: `It is ${number * number}.` };
}

/** Pairs that are all different. */
export const PAIRS = Array.from({ length: 12 }, (_, index) => ({ id: `p${index}`, ...pairOf(index) }));

/** The number that the instruction in a prompt is about. */
export function numberIn({ request }: Pick<ChatPrompt, 'request'>): number {
  const messages = request.body.messages as { role: string; content: string }[];
  return Number(/Say what (\d+) times/.exec(messages.find(({ role }) => role === 'user')!.content)![1]);
}

/** The records of a JSONL file in a folder. */
export function recordsIn(folder: TemporaryFolder, file: string) {
  const lines = readFileSync(folder.file(file), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}
