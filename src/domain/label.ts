/** What a person said of an item: answered it, said it is no good, passed it over, or is not done yet. */
export type Verdict = 'accepted' | 'rejected' | 'skipped' | 'draft';

/** What an annotation tool hands back about one item, by one person. */
export interface Annotation {
  /** The item's id, as it was handed out. */
  readonly itemId: string;
  readonly verdict: Verdict;
  /** The response; null unless the verdict is `accepted` or `draft`. Never empty. */
  readonly response: string | null;
  /** Who, as the tool names them; null where it does not say. */
  readonly annotator: string | null;
  /** Time spent, ≥ 0; null where the tool does not say. */
  readonly seconds: number | null;
  /** When it was submitted or last changed, in milliseconds since the epoch; null where the tool does not say. */
  readonly submittedAtMs: number | null;
  /** The tool's own id of the annotation; null where it has none. */
  readonly sourceId: string | null;
  /** Why it was rejected or skipped, in the person's words; absent where they do not say. Never empty. */
  readonly comment?: string;
}

/** An item as it is handed to annotators. */
export interface LabelTask {
  readonly id: string;
  readonly instruction: string;
  readonly input?: string;
  /** Which round chose it, from 1. */
  readonly round: number;
  /** Within the round, from 1. */
  readonly rank: number;
  /** Why it was chosen. */
  readonly reason: string;
  /** What the seed model answered and why that is not good enough: to be corrected, not written anew. */
  readonly draft?: LabelDraft;
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
export interface LabeledExample {
  readonly id: string;
  readonly instruction: string;
  readonly input?: string;
  readonly response: string;
}
