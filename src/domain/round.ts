import type { MicroUsd } from './money.ts';

/** What a round sets out to do, decided before anything of it is done. */
export interface RoundPlan {
  /** From 1. */
  readonly number: number;
  /** `seed`: before there is a model; `necessity`: after one was evaluated. */
  readonly kind: 'seed' | 'necessity';
  /** What it chooses from: all that is unlabeled, or what the model before fails at. */
  readonly from: 'pool' | 'failures';
  readonly strategy: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** How many instructions to choose: what was configured, or what the caps and the candidates allow. */
  readonly count: number;
  /** Of this round's draws. */
  readonly seed: number;
  /** Whether worse failures count for more among the failures it chooses from. */
  readonly weighted: boolean;
  /** From the pool: how much more the worst failure counts than what passed. Absent: nothing counts more. */
  readonly failureWeight?: number;
  /** What scored below it counts as a failure, for this round's choice and its drafts. */
  readonly threshold: number;
  /** The most one label of this round may cost, overlap aside. */
  readonly worstCaseLabelMicroUsd: MicroUsd;
  /** Absent where no item is answered by one person more than the others are. */
  readonly overlap?: PlannedOverlap;
  /** How many of `count` are drawn at random instead, to compare with. Absent in campaigns without controls. */
  readonly control?: number;
  /** Present where this round switched to another strategy than the configured one. */
  readonly adapted?: { readonly strategy: string; readonly reason: string };
  /** How many are drawn at random for the test set, beside `count`. */
  readonly test?: number;
  /** Who answers its items and how they are paid, as what is set aside was computed. Absent in rounds of version 0.1. */
  readonly labelTerms?: LabelTerms;
}

/** How annotators answer and are paid. */
export interface LabelTerms {
  readonly perLabelUsd?: MicroUsd | undefined;
  readonly perMinuteUsd?: MicroUsd | undefined;
  /** Most minutes paid for one person's work on one item. */
  readonly mostMinutes: number;
  /** How many people are to answer each item. */
  readonly annotators: number;
  /** Share of the items that one more person is to answer. */
  readonly overlap: number;
}

/** An item that a round drew at random. */
export interface DrawnItem {
  readonly round: number;
  readonly position: number;
  /** `test`: models are tested with it, none is trained on it. `control`: a label like any other, to compare with. */
  readonly purpose: 'test' | 'control';
  /** The part of the pool it was drawn from, and how many instructions that had. */
  readonly stratum: string;
  readonly stratumSize: number;
}

/** The items of a round that one person more answers than the others, to see how well people agree. */
export interface PlannedOverlap {
  /** Of the items, evenly over the ranks. */
  readonly share: number;
  /** The most that person's answer may cost. */
  readonly worstCaseMicroUsd: MicroUsd;
}

/** An instruction a round handed out, and where it stands. */
export interface HandedOut {
  readonly round: number;
  readonly rank: number;
  readonly position: number;
  readonly reason: string;
}

/** What was answered and how it was judged, for each model and item. */
export interface Evaluation {
  /** `pool`: unlabeled; `held-out`: labeled but never trained on; `test`: of the files given for testing. */
  readonly subset: 'pool' | 'held-out' | 'test';
  readonly itemId: string;
  readonly answer: string;
  readonly answerModel: string;
  /** How sure the model was of its answer, in [0, 1]; null where it does not tell. */
  readonly confidence: number | null;
  readonly judge: string;
  /** On the necessity scale; null where no usable judgment came: never a default. */
  readonly score: number | null;
  /** The judge's, or why there is no score. */
  readonly reason: string;
  readonly costMicroUsd: MicroUsd;
  /** How often it was judged before. */
  readonly generation: number;
  /** A content filter refused the question or the answer: it is not judged again. */
  readonly isRefused?: boolean | undefined;
}

/** A seed model, trained in the round of that number. */
export interface ModelRecord {
  readonly round: number;
  readonly trainer: string;
  readonly name: string;
  readonly baseUrl: string | null;
  readonly costMicroUsd: MicroUsd;
}

export const STOP_RULES = [
  'budget',
  'pool-exhausted',
  'failure-rate',
  'no-improvement',
  'coverage-radius',
  'most-rounds',
] as const;
/** Why a campaign ended. */
export type StopRule = (typeof STOP_RULES)[number];

export interface Stop {
  readonly rule: StopRule;
  /** What happened, with numbers, and how to go on all the same. */
  readonly message: string;
}
