import { existsSync, readFileSync } from 'node:fs';

/** The reviews recorded by others; absent on machines that were not given them. */
const FILES = ['wizardlm', 'koala', 'vicuna'] as const;

/** Two models' answers to one instruction, and which of them GPT-4 preferred in whichever order it saw them. */
export interface JudgedPair {
  readonly file: (typeof FILES)[number];
  readonly instruction: string;
  readonly answers: readonly [string, string];
  /** 1: the first answer won; -1: the second. */
  readonly winner: 1 | -1;
}

interface Review {
  /** Of answer 1 and answer 2. */
  readonly scores: readonly [number, number];
  /** As they were shown: of answer 2 and answer 1. */
  readonly scoresReversed: readonly [number, number];
}

/** @returns the pairs of which both orders name the same winner, file by file; undefined when a file is missing */
export function readJudgedPairs(folder: URL): JudgedPair[] | undefined {
  const urls = FILES.map((file) => new URL(`judged-${file}.jsonl`, folder));
  if (!urls.every((url) => existsSync(url))) return undefined;
  return FILES.flatMap((file, i) =>
    readFileSync(urls[i]!, 'utf8')
      .trim()
      .split('\n')
      .flatMap((line) => {
        const row = JSON.parse(line) as { instruction: string; answer1: string; answer2: string; gpt4: Review };
        const winner = Math.sign(row.gpt4.scores[0] - row.gpt4.scores[1]);
        const reversed = Math.sign(row.gpt4.scoresReversed[1] - row.gpt4.scoresReversed[0]);
        if (winner !== reversed || (winner !== 1 && winner !== -1)) return [];
        return [{ file, instruction: row.instruction, answers: [row.answer1, row.answer2] as const, winner }];
      }),
  );
}

/** 1 where the higher score is the winner's, 0 where it is the loser's, ½ for equal scores. */
export function agreement(winner: 1 | -1, [first, second]: readonly [number, number]): number {
  return first === second ? 0.5 : Math.sign(first - second) === winner ? 1 : 0;
}
