import type { ItemFilter, Writing } from '../desk/desk-views.ts';
import type { LabelFilter, LeadRequest } from '../desk/lead-views.ts';
import {
  ANNOTATOR_HEADER,
  CAMPAIGN_HEADER,
  type DropRequest,
  type ErrorAnswer,
  type GuidelinesAnswer,
  type LabelAnswer,
  type LabelRequest,
  type LabelsAnswer,
  type LeadAnswer,
  type LeadItemAnswer,
  type LinksAnswer,
  type ListAnswer,
  type NextAnswer,
  type NextRequest,
  type OpenAnswer,
  type PayAnswer,
  type PayRequest,
  type ProgressAnswer,
  type SaveAnswer,
  type SaveRequest,
  type SessionAnswer,
} from '../server/web-api.ts';
import { sameText } from './browser-drafts.ts';

/** Which part of the list to load. */
export interface ListQuery {
  /** Null for the current round. */
  readonly round: number | null;
  readonly filter: ItemFilter;
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/** Which labels to list. */
export interface LabelsQuery {
  /** Null for all rounds. */
  readonly round: number | null;
  readonly verdict: LabelFilter;
  /** Null for everyone. */
  readonly person: string | null;
  readonly isDoubtful: boolean;
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/** A request that the server refused or did not answer. */
export class RequestError extends Error {
  /** The code from the server, or UNREACHABLE, UNEXPECTED or BAD_REQUEST. */
  readonly code: string;
  readonly hint: string | null;
  /** With CONFLICT and TAKEN: what is stored now. */
  readonly writing: Writing | null;

  constructor({ code, message, hint, writing }: ErrorAnswer['error']) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.writing = writing ?? null;
  }

  /** Whether the same request may succeed if it is sent again. */
  get isTemporary(): boolean {
    return ['UNREACHABLE', 'BUSY', 'UNEXPECTED'].includes(this.code);
  }
}

/** Throws any other error again, because it is a bug in the page. */
export function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  throw error;
}

/** Who sends requests, for which campaign; null while not known. */
export interface Sender {
  readonly campaignKey: string | null;
  readonly name: string | null;
}

/** Longer than the server needs for any request. */
const TIMEOUT_MS = 20_000;
/** Browsers send at most 64 KiB after a page has closed. */
const LARGEST_KEEPALIVE_BYTES = 60_000;

/** The API of the server, one method per route. All methods throw `RequestError`. */
export class DeskApi {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  session(): Promise<SessionAnswer> {
    return this.#send('GET', '/api/session');
  }

  /** Signs this browser in with the token of a link. */
  signIn(token: string): Promise<SessionAnswer> {
    return this.#send('POST', '/api/session', { token });
  }

  signOut(): Promise<void> {
    return this.#send('DELETE', '/api/session');
  }

  join(name: string): Promise<SessionAnswer> {
    return this.#send('POST', '/api/name', { name });
  }

  links(): Promise<LinksAnswer> {
    return this.#send('GET', '/api/links');
  }

  invite(names: readonly string[]): Promise<LinksAnswer> {
    return this.#send('POST', '/api/links', { names });
  }

  revokeLink(id: number): Promise<LinksAnswer> {
    return this.#send('POST', `/api/links/${id}/revoke`, {});
  }

  list({ round, filter, search, offset, limit }: ListQuery): Promise<ListAnswer> {
    const query = new URLSearchParams({ filter, search, offset: String(offset), limit: String(limit) });
    if (round !== null) query.set('round', String(round));
    return this.#send('GET', `/api/items?${query}`);
  }

  next(request: NextRequest): Promise<NextAnswer> {
    return this.#send('POST', '/api/next', request);
  }

  open(number: number): Promise<OpenAnswer> {
    return this.#send('POST', `/api/items/${number}/open`, {});
  }

  save(number: number, request: SaveRequest, isLeaving = false): Promise<SaveAnswer> {
    return this.#send('PUT', `/api/items/${number}/writing`, request, isLeaving);
  }

  /** Submits a label. If the server already has it, because an earlier answer was lost, this succeeds too. */
  async label(number: number, request: LabelRequest): Promise<LabelAnswer> {
    try {
      return await this.#send('POST', `/api/items/${number}/label`, request);
    } catch (error) {
      const problem = asRequestError(error);
      if (problem.writing?.submitted !== true || !sameText(problem.writing, request)) throw problem;
      const { item } = await this.open(number);
      if (item.verdict !== request.verdict) throw problem;
      const { shown } = request;
      return { item, next: await (shown === undefined ? this.next({ after: number }) : this.open(shown)) };
    }
  }

  /** Sent even while the page closes. A lost request does no harm, because holds expire. */
  release(number: number): void {
    this.#send('POST', `/api/items/${number}/release`, {}, true).catch(() => undefined);
  }

  guidelines(): Promise<GuidelinesAnswer> {
    return this.#send('GET', '/api/guidelines');
  }

  progress(): Promise<ProgressAnswer> {
    return this.#send('GET', '/api/progress');
  }

  lead(): Promise<LeadAnswer> {
    return this.#send('GET', '/api/lead');
  }

  labels({ round, verdict, person, isDoubtful, search, offset, limit }: LabelsQuery): Promise<LabelsAnswer> {
    const query = new URLSearchParams({ verdict, search, offset: String(offset), limit: String(limit) });
    if (round !== null) query.set('round', String(round));
    if (person !== null) query.set('person', person);
    if (isDoubtful) query.set('doubtful', 'only');
    return this.#send('GET', `/api/lead/labels?${query}`);
  }

  leadItem(number: number): Promise<LeadItemAnswer> {
    return this.#send('GET', `/api/lead/items/${number}`);
  }

  actAsLead(number: number, request: LeadRequest): Promise<LeadItemAnswer> {
    return this.#send('POST', `/api/lead/items/${number}/actions`, request);
  }

  dropWork(request: DropRequest): Promise<LeadAnswer> {
    return this.#send('POST', '/api/lead/people/drop', request);
  }

  restoreWork(annotator: string): Promise<LeadAnswer> {
    return this.#send('POST', '/api/lead/people/restore', { annotator });
  }

  pay(): Promise<PayAnswer> {
    return this.#send('GET', '/api/lead/pay');
  }

  adjustPay(request: PayRequest): Promise<PayAnswer> {
    return this.#send('POST', '/api/lead/pay', request);
  }

  async #send<Answer>(method: string, path: string, body?: object, isLeaving = false): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const { campaignKey, name } = this.#sender;
    let response: Response;
    let answer: string;
    try {
      response = await fetch(path, {
        method,
        headers: {
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...(name === null ? {} : { [ANNOTATOR_HEADER]: encodeURIComponent(name) }),
          ...(campaignKey === null ? {} : { [CAMPAIGN_HEADER]: campaignKey }),
        },
        body: text,
        cache: 'no-store',
        keepalive: isLeaving && (text?.length ?? 0) * 3 < LARGEST_KEEPALIVE_BYTES,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      answer = await response.text();
    } catch {
      throw new RequestError({ code: 'UNREACHABLE', message: "Can't reach the server.", hint: null });
    }
    if (!response.ok) throw new RequestError(readError(response.status, answer));
    return (answer === '' ? undefined : JSON.parse(answer)) as Answer;
  }
}

function readError(status: number, answer: string): ErrorAnswer['error'] {
  try {
    const { error } = JSON.parse(answer) as ErrorAnswer;
    if (typeof error.code === 'string') return error;
  } catch {
    // The answer came from something else, such as a proxy.
  }
  return {
    code: status >= 500 ? 'UNEXPECTED' : 'BAD_REQUEST',
    message: `The server returned an error (${status}).`,
    hint: 'Reload the page. If that does not help, check the terminal where winnow annotate runs.',
  };
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8000;

/** How long to wait after a number of failures (from 1): longer each time, but short enough that no one reloads. */
export function retryAfterMs(failures: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
}
