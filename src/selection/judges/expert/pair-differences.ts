import type { JudgedItem } from '../judge.ts';
import { EXPERT_FEATURES } from './expert-features.ts';
import type { SparseDifference } from './fit-logistic-ranker.ts';
import { hashedWording } from './hashed-wording.ts';
import { type InstructionKind, instructionKind, readPair } from './read-pair.ts';

/** A word that differs in fewer pairs is chance. */
const FEWEST_PAIRS_APART = 4;
/** Keeps features that hardly vary from being scaled up. */
const LEAST_SPREAD = 0.02;

export interface ItemNumbers {
  readonly dense: Float64Array;
  readonly buckets: readonly number[];
  readonly value: number;
  readonly kind: InstructionKind;
}

export interface NumberedPair {
  readonly worse: ItemNumbers;
  readonly better: ItemNumbers;
  readonly weight: number;
}

/** The columns of a fit: the scaled features, then the buckets that differ in enough pairs. */
export interface Space {
  /** 0 for a feature that is left out. */
  readonly scales: number[];
  readonly buckets: readonly number[];
  readonly columnOf: ReadonlyMap<number, number>;
  readonly columns: number;
}

export function spaceOf(pairs: readonly NumberedPair[]): Space {
  const items = pairs.flatMap(({ worse, better }) => [worse, better]);
  const scales = EXPERT_FEATURES.map((_, k) => {
    const mean = items.reduce((sum, { dense }) => sum + dense[k]!, 0) / items.length;
    const variance = items.reduce((sum, { dense }) => sum + (dense[k]! - mean) ** 2, 0) / items.length;
    return 0.5 / Math.max(LEAST_SPREAD, Math.sqrt(variance));
  });
  const apart = new Map<number, number>();
  for (const { worse, better } of pairs) {
    const [left, right] = [new Set(worse.buckets), new Set(better.buckets)];
    for (const bucket of new Set([...left, ...right])) {
      if (left.has(bucket) !== right.has(bucket)) apart.set(bucket, (apart.get(bucket) ?? 0) + 1);
    }
  }
  const buckets = [...apart]
    .filter(([, count]) => count >= FEWEST_PAIRS_APART)
    .map(([bucket]) => bucket)
    .sort((a, b) => a - b);
  const columnOf = new Map(buckets.map((bucket, i) => [bucket, scales.length + i]));
  return { scales, buckets, columnOf, columns: scales.length + buckets.length };
}

export function numbersOf({ worse, better }: ExpertPair): NumberedPair {
  return { worse: itemNumbers(worse), better: itemNumbers(better), weight: 1 };
}

export function itemNumbers(item: JudgedItem): ItemNumbers {
  const pair = readPair(item);
  return {
    dense: Float64Array.from(EXPERT_FEATURES, ({ value }) => value(pair)),
    ...hashedWording(pair),
    kind: instructionKind(pair.instruction),
  };
}

export function differenceOf({ worse, better, weight }: NumberedPair, { scales, columnOf }: Space): SparseDifference {
  const sums = new Map<number, number>();
  for (const [k, scale] of scales.entries()) sums.set(k, (better.dense[k]! - worse.dense[k]!) * scale);
  for (const [{ buckets, value }, sign] of [
    [better, 1],
    [worse, -1],
  ] as const) {
    for (const bucket of buckets) {
      const column = columnOf.get(bucket);
      if (column !== undefined) sums.set(column, (sums.get(column) ?? 0) + sign * value);
    }
  }
  const parts = [...sums].filter(([, value]) => value !== 0);
  return { columns: parts.map(([column]) => column), values: parts.map(([, value]) => value), weight };
}

/** Of each difference whether its score is above 0: 1, ½ for exactly 0, else 0. */
export function rightOf(rows: readonly SparseDifference[], weights: Float64Array): number[] {
  return rows.map(({ columns, values }) => {
    const margin = columns.reduce((sum, column, i) => sum + weights[column]! * values[i]!, 0);
    return margin > 0 ? 1 : margin === 0 ? 0.5 : 0;
  });
}

/** A better and a worse response. Instruction and input may differ, since experts correct these too. */
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

/** Responses that are certainly worse, with their weight as a share of an expert's pair. */
const SPOILED: readonly { readonly weight: number; readonly spoil: (item: JudgedItem, turn: number) => string }[] = [
  // A repeated response is longer, not better. Without this pair, a scorer learns only length.
  { weight: 0.1, spoil: ({ response = '' }) => `${response} ${response}` },
  { weight: 0.02, spoil: ({ instruction, input = '' }) => `${instruction}\n${input}` },
  { weight: 0.02, spoil: (_, turn) => REFUSALS[turn % REFUSALS.length]! },
];

/**
 * Pairs that show what expert pairs hardly show: repeating everything, returning the question and refusing are bad
 * responses. They are made from the better response of a pair alone, so no other text is learned from.
 */
export function contrastPairs(
  { better }: ExpertPair,
  turn: number,
): { readonly worse: JudgedItem; readonly weight: number }[] {
  return SPOILED.map(({ weight, spoil }) => ({ weight, worse: { ...better, response: spoil(better, turn) } }));
}
