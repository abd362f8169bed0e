import type { Conversation } from './conversation.ts';
import type { Answers, Question } from './questions.ts';

/**
 * A label has five shapes on its way from the editor to the training file:
 * 1. `Draft` (annotate/desk): the text on the page, saved as a `WorkingCopy`; submitted with a verdict.
 * 2. `Annotation`: one person's answer to one item. The page and every label bridge produce it.
 * 3. `StoredAnnotation` (store): with its position in the pool, its cost and its place in the order of imports.
 * 4. `LabeledExample`: the instruction with the response that counts; the others are left out.
 * 5. The record of a training format (labels/training).
 * `ItemLabel` (campaign) is not a shape of its own: it groups the stored annotations of an item.
 */

/** What a person decided: answered the item, rejected it, skipped it, or has not finished yet. */
export type Verdict = 'accepted' | 'rejected' | 'skipped' | 'draft';

/** One person's answer to one item, as an annotation tool returns it. */
export interface Annotation {
  /** The item's id, as it was handed out. */
  readonly itemId: string;
  readonly verdict: Verdict;
  /** The response; null unless the verdict is `accepted` or `draft`. Never empty. */
  readonly response: string | null;
  /** The person's name in the tool; null where it does not say. */
  readonly annotator: string | null;
  /** Time spent, ≥ 0; null where the tool does not say. */
  readonly seconds: number | null;
  /** When it was submitted or last changed, in milliseconds since the epoch; null where the tool does not say. */
  readonly submittedAtMs: number | null;
  /** The tool's own id of the annotation; null where it has none. */
  readonly sourceId: string | null;
  /** The person's reason to reject or skip it, or a note of theirs; absent where they give none. Never empty. */
  readonly comment?: string;
  /** What the person says about the item or their answer; absent where they say nothing. Never empty. */
  readonly note?: string;
  /** Whether the person doubts their answer. */
  readonly doubtful?: boolean;
  /** Answers to the item's questions; absent where there are none. */
  readonly answers?: Answers;
}

/** An item as it is handed to annotators. */
export interface LabelTask extends Conversation {
  readonly id: string;
  /** Which round chose it, from 1. */
  readonly round: number;
  /** Within the round, from 1. */
  readonly rank: number;
  /** Why it was chosen. */
  readonly reason: string;
  /** What the seed model answered and why that is not good enough: for people to correct. */
  readonly draft?: LabelDraft;
  /** Fields of its record that help to answer it: its subject, its channel. */
  readonly fields?: readonly ShownField[];
  /** What people are asked beside the response. */
  readonly questions?: readonly Question[];
}

/** What is known of all tasks of a campaign together. */
export interface TasksAbout {
  /** All that any item is asked, with empty texts. Default: what these tasks are asked. */
  readonly questions?: readonly Question[];
}

/** A field of a record, as text. */
export interface ShownField {
  readonly name: string;
  readonly value: string;
}

export interface LabelDraft {
  readonly response: string;
  /** The model that wrote it. */
  readonly model: string;
  /** The judge's score, scaled to [0, 1]. */
  readonly score: number;
  /** Why the judge gave it. */
  readonly judgeReason: string;
}

/** An instruction and the response it was labeled with, to train on or to test against. */
export interface LabeledExample extends Conversation {
  readonly id: string;
  readonly response: string;
}

export type CorrectionDecision = 'kept' | 'edited' | 'rejected';

/** A model's answer that a person got as a draft, and what the person made of it. */
export interface Correction extends Conversation {
  readonly id: string;
  /** What the model answered. */
  readonly answer: string;
  readonly model: string;
  readonly judge: string;
  /** The judge's score of the answer, scaled to [0, 1]. */
  readonly score: number;
  /** Why the judge gave it. */
  readonly judgeReason: string;
  /** `kept`: word for word; `rejected`: the instruction as a whole. */
  readonly decision: CorrectionDecision;
  /** The person's answer; null where it was rejected. */
  readonly response: string | null;
  readonly annotator: string | null;
  /** The person's reason; null where there is none. */
  readonly comment: string | null;
}
