import { CommonSubsequence } from './longest-common-subsequence.ts';

/** Shares in 0–1. */
export interface RougeL {
  /** Of the candidate's words, those in the longest common subsequence. */
  readonly precision: number;
  /** Of the reference's words, those in it. */
  readonly recall: number;
  /** Their harmonic mean (β = 1): the longest common subsequence as a share of the mean length. */
  readonly f1: number;
}

/** Its memory is the same for all calls; no call sees what another left there. */
const subsequence = new CommonSubsequence();

/**
 * ROUGE-L of two texts, whole texts as one sequence, as word ids (negative ids match nothing). All 0 where one text
 * has no words, and where both have none: nothing was found of nothing, as `rouge_score` has it.
 * O(candidate + reference + matches · reference / 31).
 * Source: Lin 2004, ROUGE: A Package for Automatic Evaluation of Summaries, section 3.1 with β = 1.
 */
export function rougeL(candidate: Int32Array, reference: Int32Array): RougeL {
  subsequence.setPattern(reference);
  const common = subsequence.lengthWith(candidate);
  return {
    precision: candidate.length === 0 ? 0 : common / candidate.length,
    recall: reference.length === 0 ? 0 : common / reference.length,
    f1: rougeLF1(common, candidate.length, reference.length),
  };
}

/**
 * 2·common / (a + b), which is 2·precision·recall / (precision + recall) with one rounding. Rises with `common`, so
 * the F1 of an upper bound is an upper bound, rounding included.
 */
export function rougeLF1(common: number, aLength: number, bLength: number): number {
  return common === 0 ? 0 : (2 * common) / (aLength + bLength);
}
