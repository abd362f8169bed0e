import type { DeskItem, DeskProgress, ItemList, Oversight, Writing } from '../desk/desk-views.ts';

// What the page and its server say to each other. Types alone: both sides are checked against it.
//
// Every request but those for the page itself carries `x-winnow-annotator` (the name, percent-encoded) and, where the
// server asks for one, `authorization: Bearer <token>`. Bodies and answers are JSON.

export const ANNOTATOR_HEADER = 'x-winnow-annotator';

/**
 * The key of the campaign a request is meant for. Numbers of items mean other items in another campaign, which may be
 * served at the same address by the time a page that was left open sends something: with the header, it is refused.
 */
export const CAMPAIGN_HEADER = 'x-winnow-campaign';

/** GET /api/session. Needs no name. */
export interface SessionAnswer {
  readonly campaign: string;
  /** Tells the campaign from every other, one of the same name among them. */
  readonly key: string;
  readonly version: string;
  /** `lead`: may see everybody's work. */
  readonly role: 'annotator' | 'lead';
}

/** GET /api/items?round&filter&search&offset&limit */
export type ListAnswer = ItemList;

/** POST /api/next: the next item that is theirs to take, held for them; null where none is left. */
export interface NextRequest {
  /** Number of the item they come from: its successors come first. */
  readonly after?: number | undefined;
}
export interface NextAnswer {
  readonly item: DeskItem | null;
  readonly progress: DeskProgress;
}

/** POST /api/items/:number/open: shows an item, and holds it where it is theirs to take. */
export interface OpenAnswer {
  readonly item: DeskItem;
  readonly progress: DeskProgress;
}

/** PUT /api/items/:number/writing: saves what is written and prolongs the hold. */
export interface SaveRequest {
  /** Of the writing this one was made from. */
  readonly revision: number;
  readonly response: string;
  readonly comment: string;
  readonly seconds: number;
}
export interface SaveAnswer {
  readonly writing: Writing;
  readonly heldUntilMs: number | null;
}

/** POST /api/items/:number/label: submits. */
export interface LabelRequest extends SaveRequest {
  readonly verdict: 'accepted' | 'rejected' | 'skipped';
}
export interface LabelAnswer {
  readonly item: DeskItem;
  readonly progress: DeskProgress;
}

/** POST /api/items/:number/release: lets others have it. Answers 204. */

/** GET /api/progress?round */
export type ProgressAnswer = DeskProgress;

/** GET /api/lead */
export type LeadAnswer = Oversight;

/** Any answer of 400 or more. */
export interface ErrorAnswer {
  readonly error: {
    /** CONFLICT, TAKEN, NO_SUCH_ITEM, EMPTY_RESPONSE, NAME_MISSING, TOKEN_WRONG, LEADS_ONLY, OTHER_CAMPAIGN, TOO_LARGE, BAD_REQUEST, BUSY, … */
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
    /** With CONFLICT: what is there now, so that nothing is lost. */
    readonly writing?: Writing;
  };
}
