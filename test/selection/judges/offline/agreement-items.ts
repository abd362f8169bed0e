import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readJudgedPairs } from '../../../../scripts/judged-pairs.ts';
import type { JudgedItem } from '../../../../src/selection/judges/judge.ts';

/** Answers of two models, of which GPT-4 preferred one. */
const SHARED = new URL('../../../../../shared/data/', import.meta.url);
const POOL = new URL('../../../../data/pool.jsonl', import.meta.url);

/** The recorded cosines of `agreementItems`. Written by scripts/record-cosines.ts. */
export const COSINES_FILE = new URL('../../../fixtures/minilm-cosines.json', import.meta.url);

export type RespondedItem = JudgedItem & { readonly response: string };

/** Cosines of instruction and response in the order of the items, and a hash of the items' texts. */
export interface RecordedCosines {
  readonly hash: string;
  readonly cosines: readonly number[];
}

/** The pairs of answers that GPT-4 compared; undefined where they are missing. */
export const judgedPairs = readJudgedPairs(SHARED);

/** The items whose scores the agreement tests read, by the name of their recorded cosines. */
export function agreementItems(): { readonly [Name in 'answers' | 'own' | 'shuffled']: readonly RespondedItem[] } {
  const own = readFileSync(POOL, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { instruction: string; input?: string; output?: string })
    .flatMap(({ instruction, input, output }) =>
      output ? [{ instruction, response: output, ...(input ? { input } : {}) }] : [],
    );
  const half = Math.floor(own.length / 2);
  return {
    answers: (judgedPairs ?? []).flatMap(({ instruction, answers }) =>
      answers.map((response) => ({ instruction, response })),
    ),
    own,
    shuffled: own.map((item, i) => ({ ...item, response: own[(i + half) % own.length]!.response })),
  };
}

export function hashOf(items: readonly RespondedItem[]): string {
  return createHash('sha256').update(JSON.stringify(items)).digest('hex').slice(0, 16);
}
