import type { ShownField } from '../../domain/label.ts';
import type { Agreement, PersonQuality } from '../../domain/label-quality.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { Answers, Question } from '../../domain/questions.ts';

// What the desk shows, in types that JSON can carry. The page in the browser gets exactly this.

/**
 * The state of an item for the person who asks. `open`: they can answer it. `draft`: they have an unsubmitted draft.
 * `answered`, `rejected`, `skipped`: what they submitted. `taken`: other people are working on it. `assigned`: it is for
 * other people. `complete`: enough people have answered it, or its round is over. `returned`: a lead asks them to look at
 * their label again.
 */
export type ItemState =
  | 'open'
  | 'draft'
  | 'answered'
  | 'rejected'
  | 'skipped'
  | 'taken'
  | 'assigned'
  | 'complete'
  | 'returned';

export const ITEM_FILTERS = ['all', 'open', 'mine', 'skipped', 'done'] as const;
/** `mine`: items that the person started or submitted; `done`: items that they answered or rejected. */
export type ItemFilter = (typeof ITEM_FILTERS)[number];

/** One line of the list. */
export interface ItemLine {
  /** The item's number in addresses: its position in the pool. */
  readonly number: number;
  /** Place among the round's items, from 1. */
  readonly rank: number;
  /** The start of the text, on one line. */
  readonly excerpt: string;
  readonly state: ItemState;
  /** Who is working on it if it is taken, or who it is assigned to. */
  readonly heldBy: string | null;
}

export interface ItemList {
  readonly round: number;
  /** In order of rank. */
  readonly items: readonly ItemLine[];
  /** How many items match the filter and the search; `items` is one page of them. */
  readonly total: number;
  readonly offset: number;
  /** Over all items of the round, ignoring the search. */
  readonly counts: Readonly<Record<ItemFilter, number>>;
}

/** What the seed model answered, and why that answer failed. */
export interface FailingAnswer {
  readonly response: string;
  readonly model: string;
  /** The judge's score, from 1 to 10. */
  readonly score: number;
  readonly judgeReason: string;
}

/** The guidelines for annotators. */
export interface GuidelinesText {
  /** Changes with the text. */
  readonly version: string;
  /** Markdown. */
  readonly text: string;
}

/** What the person has written so far. */
export interface Writing {
  /** 0 until something is saved. A change made from an older revision is refused. */
  readonly revision: number;
  readonly response: string;
  readonly comment: string;
  /** What they say about the item or their answer. */
  readonly note: string;
  /** Whether they doubt their answer. */
  readonly doubtful: boolean;
  /** To the item's questions. */
  readonly answers: Answers;
  readonly seconds: number;
  /** Whether this is exactly what was submitted last; false for a draft. */
  readonly submitted: boolean;
  readonly savedAtMs: number | null;
}

/** One turn as the page shows it. */
export interface DeskTurn {
  /** Who speaks: "User", "Tool get_weather". */
  readonly speaker: string;
  /** Whether it sets the stage: the system prompt, the tools. */
  readonly isSetting: boolean;
  readonly text: string;
}

/** The turns around the instruction, in order. */
export interface DeskConversation {
  /** System prompt, tools and earlier turns. */
  readonly before: readonly DeskTurn[];
  /** Tool calls and their results after it. */
  readonly after: readonly DeskTurn[];
}

/** What an item asks. */
export interface ItemText {
  readonly id: string;
  readonly instruction: string;
  readonly input: string | null;
  /** Whether its record says that its texts are Markdown. */
  readonly isMarkdown: boolean;
  /** What was said around the instruction. Empty for a single request. */
  readonly conversation: DeskConversation;
}

/** A whole item. */
export interface DeskItem extends ItemText {
  readonly number: number;
  readonly round: number;
  readonly rank: number;
  /** How many items the round has. */
  readonly of: number;
  /** Fields of its record that labels.show names. */
  readonly fields: readonly ShownField[];
  /** Why it was picked. */
  readonly reason: string;
  readonly failingAnswer: FailingAnswer | null;
  /** What it asks beside the response. */
  readonly questions: readonly Question[];
  readonly state: ItemState;
  readonly heldBy: string | null;
  /** Until when the item is reserved for this person unless they keep working; null where it is not reserved. */
  readonly heldUntilMs: number | null;
  /** What a lead asks this person about their label; null where there is no open request. */
  readonly request: { readonly by: string; readonly comment: string; readonly atMs: number } | null;
  /** What this person submitted last; null before that. */
  readonly verdict: 'accepted' | 'rejected' | 'skipped' | null;
  readonly writing: Writing;
  /** How many people should answer it, and how many have. */
  readonly peopleWanted: number;
  readonly peopleDone: number;
  /** Numbers of the items before and after it in any state; null at the ends. */
  readonly previous: number | null;
  readonly next: number | null;
}

/** The progress of a round. */
export interface DeskProgress {
  readonly round: number;
  readonly kind: 'seed' | 'necessity';
  readonly strategy: string;
  /** Items of the round, and how many of them enough people have labeled. */
  readonly items: number;
  readonly complete: number;
  /** Items that this person could still be given. */
  readonly leftForMe: number;
  /** What this person submitted in this round. */
  readonly mine: { readonly answered: number; readonly rejected: number; readonly skipped: number };
  /** Over the whole campaign: paid for labels, and reserved for the labels still expected. */
  readonly spentMicroUsd: MicroUsd;
  readonly reservedMicroUsd: MicroUsd;
  /** Cap on the money for labels; null without a cap. */
  readonly capMicroUsd: MicroUsd | null;
  /** Items per hour of one person's work, from the latest items of all people; null while too few are known. */
  readonly itemsPerHour: number | null;
  /** Hours left in the round at this pace with the people now working; null while the pace is unknown. */
  readonly hoursLeft: number | null;
  /** People who are working now. */
  readonly atWork: readonly string[];
  /** Whether the round still waits for labels. Labels submitted later are stored too. */
  readonly isWaiting: boolean;
  /** Version of the guidelines; null where there are none. */
  readonly guidelines: string | null;
}

/** One person's work over the whole campaign. */
export interface PersonFigures {
  /** `UNNAMED` for all people whose tools gave no name. */
  readonly annotator: string;
  readonly answered: number;
  readonly rejected: number;
  readonly skipped: number;
  /** Unsubmitted drafts. */
  readonly drafts: number;
  /** Time spent, where it is known. */
  readonly seconds: number;
  readonly medianSeconds: number | null;
  readonly costMicroUsd: MicroUsd;
  readonly lastAtMs: number | null;
  /** Number of the item they are working on now. */
  readonly workingOn: number | null;
}

/** One person in the team. */
export interface TeamMember extends PersonFigures {
  /** Whether a lead dropped their labels. */
  readonly isDropped: boolean;
}

export interface PairAgreement {
  readonly people: readonly [string, string];
  /** Items that both answered. */
  readonly items: number;
  /** Mean F1 of their words over those items, 0–1. */
  readonly wordF1: number;
}

export const REVIEW_REASONS = [
  'disputed',
  'different',
  'doubtful',
  'rejected',
  'skipped',
  'unchanged',
  'fast',
  'noted',
] as const;
/**
 * Why the lead should review an item. `disputed`: one person answered it and another rejected it. `different`: answers
 * share few words. `doubtful`: a person doubts their answer. `rejected`: it was only rejected or skipped. `skipped`: it was only skipped. `unchanged`: the failing
 * answer was submitted unchanged. `fast`: an answer took far less time than usual. `noted`: a person wrote a note.
 */
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** Name shown for people whose tools gave no name. */
export const UNNAMED = '(not named)';

export const REVIEW_LIMIT = 200;

export interface ReviewItem {
  readonly number: number;
  readonly round: number;
  readonly rank: number;
  readonly excerpt: string;
  readonly reasons: readonly ReviewReason[];
  /** The latest label of each person; long responses are cut. */
  readonly labels: readonly {
    /** Or `UNNAMED`. */
    readonly annotator: string;
    readonly verdict: 'accepted' | 'rejected' | 'skipped';
    readonly response: string | null;
    readonly comment: string | null;
    readonly note: string | null;
    readonly doubtful: boolean;
    readonly seconds: number | null;
    readonly submittedAtMs: number | null;
  }[];
}

/** What the lead sees. */
export interface TeamOverview {
  readonly progress: DeskProgress;
  readonly people: readonly TeamMember[];
  /** Null where no item has labels of two people. */
  readonly agreement: Agreement | null;
  /** By name. */
  readonly quality: readonly PersonQuality[];
  readonly pairs: readonly PairAgreement[];
  /** The most urgent first; at most `REVIEW_LIMIT`. */
  readonly reviewItems: readonly ReviewItem[];
  readonly reviewTotal: number;
}
