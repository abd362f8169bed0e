import type { MicroUsd } from '../../domain/money.ts';

// What the desk shows, as JSON can carry it: the page in the browser is given exactly this.

/**
 * Where an item stands for the person who asks: theirs to take; begun by them; submitted by them with that verdict; or
 * not theirs, because others are at work on it or as many people as are wanted have answered.
 */
export type ItemState = 'open' | 'begun' | 'answered' | 'rejected' | 'skipped' | 'taken' | 'complete';

export const ITEM_FILTERS = ['all', 'open', 'mine', 'skipped', 'done'] as const;
/** `mine`: whatever the person began or submitted; `done`: what they answered or rejected. */
export type ItemFilter = (typeof ITEM_FILTERS)[number];

/** One line of the list. */
export interface ItemLine {
  /** What it is called in addresses: its position in the pool. */
  readonly number: number;
  /** Place among the round's items, from 1. */
  readonly rank: number;
  /** The beginning of the text, on one line. */
  readonly excerpt: string;
  readonly state: ItemState;
  /** Who is at work on it, where it is taken. */
  readonly heldBy: string | null;
}

export interface ItemList {
  readonly round: number;
  /** In order of rank. */
  readonly items: readonly ItemLine[];
  /** Items the filter and the search match; `items` are some of them. */
  readonly total: number;
  readonly offset: number;
  /** Of all items of the round, whatever is searched for. */
  readonly counts: Readonly<Record<ItemFilter, number>>;
}

/** What the seed model answered, and why that will not do. */
export interface FailingAnswer {
  readonly response: string;
  readonly model: string;
  /** The judge's, from 1 to 10. */
  readonly score: number;
  readonly judgeReason: string;
}

/** What the person has written so far. */
export interface Writing {
  /** 0 before anything was saved. A change is refused where it was made to an older revision. */
  readonly revision: number;
  readonly response: string;
  readonly comment: string;
  readonly seconds: number;
  /** Whether it is what was submitted last; false with something begun since. */
  readonly submitted: boolean;
  readonly savedAtMs: number | null;
}

/** One item, whole. */
export interface DeskItem {
  readonly number: number;
  readonly id: string;
  readonly round: number;
  readonly rank: number;
  /** How many items the round has. */
  readonly of: number;
  readonly instruction: string;
  readonly input: string | null;
  /** Why it was picked. */
  readonly reason: string;
  readonly failingAnswer: FailingAnswer | null;
  readonly state: ItemState;
  readonly heldBy: string | null;
  /** Until when it is kept for this person, unless they go on; null where it is not. */
  readonly heldUntilMs: number | null;
  /** What this person submitted last; null where they have not. */
  readonly verdict: 'accepted' | 'rejected' | 'skipped' | null;
  readonly writing: Writing;
  /** How many people are to answer it, and how many have. */
  readonly peopleWanted: number;
  readonly peopleDone: number;
  /** Ranks beside it whatever their state, for going back and forth; null at the ends. */
  readonly previous: number | null;
  readonly next: number | null;
}

/** How far the round is. */
export interface DeskProgress {
  readonly round: number;
  readonly kind: 'seed' | 'necessity';
  readonly strategy: string;
  /** Items of the round, and those everybody who is to answer has said something of. */
  readonly items: number;
  readonly complete: number;
  /** Items this person could still be given. */
  readonly leftForMe: number;
  /** What this person submitted in this round. */
  readonly mine: { readonly answered: number; readonly rejected: number; readonly skipped: number };
  /** Of the whole campaign: paid for labels, set aside for those awaited. */
  readonly spentMicroUsd: MicroUsd;
  readonly reservedMicroUsd: MicroUsd;
  /** Cap on labels' money; null where there is none. */
  readonly capMicroUsd: MicroUsd | null;
  /** Items a person answers an hour of work, from the latest ones of all people; null while too few are known. */
  readonly itemsPerHour: number | null;
  /** Hours of work left in the round at this pace, over all people at work; null while the pace is not known. */
  readonly hoursLeft: number | null;
  /** People who are at work now. */
  readonly atWork: readonly string[];
  /** Whether the round still waits for labels; what is submitted afterwards is taken in all the same. */
  readonly isWaiting: boolean;
}

/** Of one person, over the whole campaign. */
export interface PersonFigures {
  /** `UNNAMED` stands for all whom their tools do not name. */
  readonly annotator: string;
  readonly answered: number;
  readonly rejected: number;
  readonly skipped: number;
  /** Begun, not submitted. */
  readonly begun: number;
  /** Time at work, where it is known. */
  readonly seconds: number;
  readonly medianSeconds: number | null;
  readonly costMicroUsd: MicroUsd;
  readonly lastAtMs: number | null;
  /** Number of the item they are at work on now. */
  readonly at: number | null;
}

export interface PairAgreement {
  readonly people: readonly [string, string];
  /** Items both answered. */
  readonly items: number;
  /** Mean over those of the F1 of their words, 0–1. */
  readonly wordF1: number;
}

export const LOOK_AGAIN = ['disputed', 'unlike', 'rejected', 'skipped', 'unchanged', 'hasty'] as const;
/**
 * Why somebody should look at an item again: one answered what another rejected; answers share few words; somebody says
 * it is bad; nobody answered; the failing answer was submitted as it was; far less time than others take.
 */
export type LookAgain = (typeof LOOK_AGAIN)[number];

/** Whom their tool does not name. */
export const UNNAMED = '(not named)';

export const LOOK_AGAIN_LIMIT = 200;

export interface ItemToLookAt {
  readonly number: number;
  readonly round: number;
  readonly rank: number;
  readonly excerpt: string;
  readonly because: readonly LookAgain[];
  /** Everybody's last word; long responses are cut. */
  readonly said: readonly {
    /** Or `UNNAMED`. */
    readonly annotator: string;
    readonly verdict: 'accepted' | 'rejected' | 'skipped';
    readonly response: string | null;
    readonly comment: string | null;
    readonly seconds: number | null;
    readonly submittedAtMs: number | null;
  }[];
}

/** What a lead sees. */
export interface Oversight {
  readonly progress: DeskProgress;
  readonly people: readonly PersonFigures[];
  /** Null where no item was answered by two people. */
  readonly agreement: { readonly items: number; readonly wordF1: number; readonly disputed: number } | null;
  readonly pairs: readonly PairAgreement[];
  /** The most pressing first; at most `LOOK_AGAIN_LIMIT`. */
  readonly lookAgain: readonly ItemToLookAt[];
  readonly lookAgainTotal: number;
}
