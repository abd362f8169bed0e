import type { DeskItem, DeskProgress, ItemList, TeamOverview, Writing } from '../desk/desk-views.ts';

// The API between the page and its server, as types that both sides are checked against.
//
// API requests carry `x-winnow-annotator` (the name, percent-encoded) and, if the server requires a token,
// `authorization: Bearer <token>`. Bodies and answers are JSON.

export const ANNOTATOR_HEADER = 'x-winnow-annotator';

/**
 * The key of the campaign that a request is meant for. Another campaign may be served at the same address while an old
 * page is still open, and its item numbers mean other items. With this header, such a request is refused.
 */
export const CAMPAIGN_HEADER = 'x-winnow-campaign';

/** GET /api/session. Needs no name. */
export interface SessionAnswer {
  readonly campaign: string;
  /** Identifies the campaign, even among campaigns with the same name. */
  readonly key: string;
  readonly version: string;
  /** A lead may see everyone's work. */
  readonly role: 'annotator' | 'lead';
}

/** GET /api/items?round&filter&search&offset&limit */
export type ListAnswer = ItemList;

/** POST /api/next: the next open item, reserved for them; null if none is left. */
export interface NextRequest {
  /** Number of the item they come from: the next item follows it. */
  readonly after?: number | undefined;
}
export interface NextAnswer {
  readonly item: DeskItem | null;
  readonly progress: DeskProgress;
}

/** POST /api/items/:number/open: shows an item, and reserves it if it is available to them. */
export interface OpenAnswer {
  readonly item: DeskItem;
  readonly progress: DeskProgress;
}

/** PUT /api/items/:number/writing: saves the draft and keeps the item reserved. */
export interface SaveRequest {
  /** The revision that this draft was made from. */
  readonly revision: number;
  readonly response: string;
  readonly comment: string;
  readonly seconds: number;
}
export interface SaveAnswer {
  readonly writing: Writing;
  readonly heldUntilMs: number | null;
}

/** POST /api/items/:number/label: submits a label. */
export interface LabelRequest extends SaveRequest {
  readonly verdict: 'accepted' | 'rejected' | 'skipped';
}
export interface LabelAnswer {
  readonly item: DeskItem;
  readonly progress: DeskProgress;
}

// POST /api/items/:number/release makes the item available to others and answers 204.

/** GET /api/progress?round */
export type ProgressAnswer = DeskProgress;

/** GET /api/lead */
export type LeadAnswer = TeamOverview;

/** Any answer with a status of 400 or higher. */
export interface ErrorAnswer {
  readonly error: {
    /** CONFLICT, TAKEN, NO_SUCH_ITEM, EMPTY_RESPONSE, NAME_MISSING, TOKEN_WRONG, LEADS_ONLY, OTHER_CAMPAIGN, TOO_LARGE, BAD_REQUEST, BUSY, DISK_FULL, … */
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
    /** With CONFLICT and TAKEN: what is stored now, so that nothing is lost. */
    readonly writing?: Writing;
  };
}
