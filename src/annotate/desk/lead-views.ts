import type { MicroUsd } from '../../domain/money.ts';
import type { Answers } from '../../domain/questions.ts';
import type { FailingAnswer, ItemText } from './desk-views.ts';

// What only leads see of items and their labels, in types that JSON can carry.

type LabelVerdict = 'accepted' | 'rejected' | 'skipped';

/** `none`: items without a label. */
export const LABEL_FILTERS = ['all', 'accepted', 'rejected', 'skipped', 'none'] as const;
export type LabelFilter = (typeof LABEL_FILTERS)[number];

/** One item of the list of all labels. */
export interface LabelLine {
  /** The item's position in the pool. */
  readonly number: number;
  readonly round: number;
  readonly rank: number;
  readonly excerpt: string;
  /** The result of the item. */
  readonly state: 'labeled' | 'rejected' | 'skipped' | 'none';
  /** Who labeled it. */
  readonly people: readonly string[];
  readonly isDoubtful: boolean;
}

export interface LabelList {
  /** In order of round and rank; one page of them. */
  readonly items: readonly LabelLine[];
  /** How many items match. */
  readonly total: number;
  readonly offset: number;
  /** Numbers of the item before this page and of the one after it; null at the ends. */
  readonly before: number | null;
  readonly after: number | null;
  /** Everyone with a label, sorted. */
  readonly people: readonly string[];
  readonly rounds: number;
}

/** What a lead can do with an item. Names and labels are checked when it is done. */
export type LeadRequest =
  | { readonly kind: 'choose'; readonly label: number }
  | {
      readonly kind: 'write';
      readonly verdict: 'accepted' | 'rejected';
      readonly response: string;
      /** Why; may be empty. */
      readonly comment: string;
    }
  | { readonly kind: 'send-back'; readonly annotator: string; readonly comment: string }
  | { readonly kind: 'take-back'; readonly annotator: string }
  | { readonly kind: 'reopen' | 'assign'; readonly to: readonly string[] }
  | { readonly kind: 'undo-decision' | 'close' };

/** One thing that a lead did with an item. */
export interface LeadEvent {
  readonly id: number;
  readonly kind: 'decide' | 'undecide' | 'send-back' | 'take-back' | 'reopen' | 'close' | 'assign';
  readonly by: string;
  /** Whose label it is about; null for what is about the item. */
  readonly annotator: string | null;
  readonly comment: string | null;
  /** Of `assign`: names; empty for everyone. */
  readonly to: readonly string[];
  readonly atMs: number;
}

/** One label of an item. */
export interface LeadLabel {
  readonly id: number;
  /** Or `UNNAMED`. */
  readonly annotator: string;
  readonly verdict: LabelVerdict;
  readonly response: string | null;
  readonly comment: string | null;
  readonly note: string | null;
  readonly isDoubtful: boolean;
  /** To the item's questions. */
  readonly answers: Answers;
  readonly seconds: number | null;
  readonly submittedAtMs: number | null;
  readonly costMicroUsd: MicroUsd;
  /** Version of the guidelines that the person had read; null where it is not known. */
  readonly guidelines: string | null;
  /** Whether the person has not changed it since. */
  readonly isLatest: boolean;
  /** Whether it is the item's result. */
  readonly counts: boolean;
  /** Whether the lead wrote it as the result of the item. */
  readonly isByLead: boolean;
  /** Whether a lead dropped it with the other work of its person. */
  readonly isDropped: boolean;
}

/** An item with everything that people submitted for it. */
export interface LeadItem extends ItemText {
  readonly number: number;
  readonly round: number;
  readonly rank: number;
  /** How many items the round has. */
  readonly of: number;
  /** Why it was picked. */
  readonly reason: string;
  readonly failingAnswer: FailingAnswer | null;
  readonly peopleWanted: number;
  readonly assignedTo: readonly string[];
  /** In the order they were submitted, those that were changed later among them. */
  readonly labels: readonly LeadLabel[];
  /** What leads did with it, in that order. */
  readonly events: readonly LeadEvent[];
  /** Who decided the result, and when; null where it follows from the labels. */
  readonly decision: { readonly by: string; readonly atMs: number } | null;
  /** Labels that were sent back and not answered yet. */
  readonly requests: readonly { readonly annotator: string; readonly comment: string }[];
  readonly isComplete: boolean;
  /** Whether a lead asked for more people and they have not answered yet. */
  readonly isReopened: boolean;
  /** Everyone who has worked on the campaign or has a link, sorted. */
  readonly people: readonly string[];
}
