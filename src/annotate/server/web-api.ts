import type { PayRow } from '../../domain/pay-row.ts';
import type { Answers } from '../../domain/questions.ts';
import type { DeskItem, DeskProgress, GuidelinesText, ItemList, TeamOverview, Writing } from '../desk/desk-views.ts';
import type { LabelList, LeadItem } from '../desk/lead-views.ts';

// The API between the page and its server, as types that both sides are checked against.
//
// API requests carry `x-winnow-annotator` (the name, percent-encoded). Where people have links, they also carry the cookie
// of POST /api/session, or `authorization: Bearer <token>`. Bodies and answers are JSON.

export const ANNOTATOR_HEADER = 'x-winnow-annotator';

/**
 * The key of the campaign that a request is meant for. Another campaign may be served at the same address while an old
 * page is still open, and its item numbers mean other items. With this header, such a request is refused.
 */
export const CAMPAIGN_HEADER = 'x-winnow-campaign';

/** GET /api/session. Needs no name. POST /api/session signs in, POST /api/name joins: both answer with the same. */
export interface SessionAnswer {
  readonly campaign: string;
  /** Identifies the campaign, even among campaigns with the same name. */
  readonly key: string;
  readonly version: string;
  /** A lead may see everyone's work. */
  readonly role: 'annotator' | 'lead';
  /** Whether people have links. If not, only this machine can reach the server, and people just enter their name. */
  readonly hasLinks: boolean;
  /** The person of the link or cookie; null where they still have to enter a name. */
  readonly name: string | null;
}

export interface SignInRequest {
  readonly token: string;
}

/** POST /api/name: joins under a name that no one has yet. */
export interface JoinRequest {
  readonly name: string;
}

// DELETE /api/session signs out and answers 204.

/** GET /api/links, for leads; POST /api/links invites people and POST /api/links/:id/revoke ends access: same answer. */
export interface LinksAnswer {
  /** Those that give access, in the order they were made. */
  readonly links: readonly {
    readonly id: number;
    readonly annotator: string;
    readonly token: string;
    readonly createdAtMs: number;
  }[];
  readonly revoked: number;
}

export interface InviteRequest {
  readonly names: readonly string[];
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
  /** What follows the item, so that the page need not wait for it; null if nothing does. */
  readonly ahead: DeskItem | null;
}

/** POST /api/items/:number/open: shows an item, and reserves it if it is available to them. */
export interface OpenAnswer extends NextAnswer {
  readonly item: DeskItem;
}

/** PUT /api/items/:number/writing: saves the draft and keeps the item reserved. */
export interface SaveRequest {
  /** The revision that this draft was made from. */
  readonly revision: number;
  readonly response: string;
  readonly comment: string;
  readonly note: string;
  readonly doubtful: boolean;
  readonly answers: Answers;
  readonly seconds: number;
}
export interface SaveAnswer {
  readonly writing: Writing;
  readonly heldUntilMs: number | null;
}

/** POST /api/items/:number/label: submits a label. */
export interface LabelRequest extends SaveRequest {
  readonly verdict: 'accepted' | 'rejected' | 'skipped';
  /** Version of the guidelines that the person has read. */
  readonly guidelines?: string | undefined;
  /** Number of the item that the page shows now; left out where it waits for the next one. */
  readonly shown?: number | undefined;
}
export interface LabelAnswer {
  /** The item that was submitted. */
  readonly item: DeskItem;
  /** The item that is shown, reserved; or the next one where none is. */
  readonly next: NextAnswer;
}

// POST /api/items/:number/release makes the item available to others and answers 204.

/** GET /api/guidelines: null where there are none. */
export type GuidelinesAnswer = GuidelinesText | null;

/** GET /api/progress?round */
export type ProgressAnswer = DeskProgress;

/** GET /api/lead */
export type LeadAnswer = TeamOverview;

/** GET /api/lead/labels?round&verdict&person&doubtful&search&offset&limit, for leads */
export type LabelsAnswer = LabelList;

/** GET /api/lead/items/:number, for leads: an item with every label */
export type LeadItemAnswer = LeadItem;

// POST /api/lead/items/:number/actions does what a LeadRequest says and answers with the item.

/** GET /api/lead/pay, for leads: by person and month. GET /api/lead/pay.csv has the same as a table. */
export type PayAnswer = readonly PayRow[];

/** POST /api/lead/pay pays a person more or less: same answer. */
export interface PayRequest {
  readonly annotator: string;
  readonly microUsd: number;
  readonly reason: string;
}

/** POST /api/lead/people/drop, and /restore with `annotator` alone: answer as GET /api/lead */
export interface DropRequest {
  readonly annotator: string;
  /** Whether other people are asked for the items that lose a label. */
  readonly askAgain: boolean;
}

/** Any answer with a status of 400 or higher. */
export interface ErrorAnswer {
  readonly error: {
    /** CONFLICT, TAKEN, NO_SUCH_ITEM, EMPTY_RESPONSE, ANSWER_MISSING, NAME_MISSING, TOKEN_WRONG, LEADS_ONLY, OTHER_CAMPAIGN, TOO_LARGE, BAD_REQUEST, BUSY, DISK_FULL, … */
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
    /** With CONFLICT and TAKEN: what is stored now, so that nothing is lost. */
    readonly writing?: Writing;
  };
}
