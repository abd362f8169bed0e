import type { JudgedItem } from '../judge.ts';

/** A response that is better, and one that is worse. Instruction and input may differ: experts mend these too. */
export interface ExpertPair {
  readonly worse: JudgedItem;
  readonly better: JudgedItem;
}

const REFUSALS = [
  "I'm sorry, but I cannot help with that.",
  'I do not know.',
  'As an AI language model, I am unable to answer this question.',
  "I don't have enough information to answer.",
] as const;

/** What a response is certainly better than, and for how much of an expert's pair that counts. */
const SPOILED: readonly { readonly weight: number; readonly spoil: (item: JudgedItem, turn: number) => string }[] = [
  // Said twice is longer, not better. Without this, length is all that a scorer learns.
  { weight: 0.1, spoil: ({ response = '' }) => `${response} ${response}` },
  { weight: 0.02, spoil: ({ instruction, input = '' }) => `${instruction}\n${input}` },
  { weight: 0.02, spoil: (_, turn) => REFUSALS[turn % REFUSALS.length]! },
];

/**
 * Pairs that say what expert pairs hardly show: that repeating everything, giving back the question or refusing makes
 * no good response. Made from the better response of a pair alone, so nothing is learned from any other text.
 */
export function contrastPairs(
  { better }: ExpertPair,
  turn: number,
): { readonly worse: JudgedItem; readonly weight: number }[] {
  return SPOILED.map(({ weight, spoil }) => ({ weight, worse: { ...better, response: spoil(better, turn) } }));
}
