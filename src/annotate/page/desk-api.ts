import type { ItemFilter, Writing } from '../desk/desk-views.ts';
import {
  ANNOTATOR_HEADER,
  CAMPAIGN_HEADER,
  type ErrorAnswer,
  type LabelAnswer,
  type LabelRequest,
  type LeadAnswer,
  type ListAnswer,
  type NextAnswer,
  type NextRequest,
  type OpenAnswer,
  type ProgressAnswer,
  type SaveAnswer,
  type SaveRequest,
  type SessionAnswer,
} from '../server/web-api.ts';
import { sameText } from './browser-drafts.ts';

/** What part of a round's list is wanted. */
export interface ListQuery {
  /** The present one where none is said. */
  readonly round: number | null;
  readonly filter: ItemFilter;
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/** A request that came to nothing: refused by the server, or not answered at all. */
export class RequestError extends Error {
  /** The server's, or UNREACHABLE. */
  readonly code: string;
  readonly hint: string | null;
  /** With CONFLICT: what is there now. */
  readonly writing: Writing | null;

  constructor({ code, message, hint, writing }: ErrorAnswer['error']) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.writing = writing ?? null;
  }

  /** Whether the same request may well succeed in a moment: the server is away, busy or stumbled. */
  get isPassing(): boolean {
    return ['UNREACHABLE', 'BUSY', 'UNEXPECTED'].includes(this.code);
  }
}

/** Anything else that is thrown is a fault of the page, and is thrown on. */
export function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  throw error;
}

/** On whose behalf it asks, and in which campaign; null where that is not known yet. */
export interface Sender {
  readonly token: string | null;
  readonly campaignKey: string | null;
  readonly name: string | null;
}

/** Longer than the server takes over anything: what is not answered by then will not be. */
const PATIENCE_MS = 20_000;
/** Browsers refuse to send more than 64 KiB after the page is gone. */
const MOST_AFTERWARDS_BYTES = 60_000;

/** The server's interface, a method for each thing that can be asked of it. All of them throw `RequestError`. */
export class DeskApi {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  session(): Promise<SessionAnswer> {
    return this.#ask('GET', '/api/session');
  }

  list({ round, filter, search, offset, limit }: ListQuery): Promise<ListAnswer> {
    const query = new URLSearchParams({ filter, search, offset: String(offset), limit: String(limit) });
    if (round !== null) query.set('round', String(round));
    return this.#ask('GET', `/api/items?${query}`);
  }

  next(request: NextRequest): Promise<NextAnswer> {
    return this.#ask('POST', '/api/next', request);
  }

  open(number: number): Promise<OpenAnswer> {
    return this.#ask('POST', `/api/items/${number}/open`, {});
  }

  save(number: number, request: SaveRequest, isLeaving = false): Promise<SaveAnswer> {
    return this.#ask('PUT', `/api/items/${number}/writing`, request, isLeaving);
  }

  label(number: number, request: LabelRequest): Promise<LabelAnswer> {
    return this.#ask('POST', `/api/items/${number}/label`, request);
  }

  /** Sent even while the page goes away. That it did not arrive is no harm: holds end by themselves. */
  release(number: number): void {
    this.#ask('POST', `/api/items/${number}/release`, {}, true).catch(() => undefined);
  }

  progress(): Promise<ProgressAnswer> {
    return this.#ask('GET', '/api/progress');
  }

  lead(): Promise<LeadAnswer> {
    return this.#ask('GET', '/api/lead');
  }

  async #ask<Answer>(method: string, path: string, body?: object, isLeaving = false): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const { token, campaignKey, name } = this.#sender;
    let response: Response;
    let answer: string;
    try {
      response = await fetch(path, {
        method,
        headers: {
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...(name === null ? {} : { [ANNOTATOR_HEADER]: encodeURIComponent(name) }),
          ...(campaignKey === null ? {} : { [CAMPAIGN_HEADER]: campaignKey }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: text,
        cache: 'no-store',
        keepalive: isLeaving && (text?.length ?? 0) * 3 < MOST_AFTERWARDS_BYTES,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      answer = await response.text();
    } catch {
      throw new RequestError({ code: 'UNREACHABLE', message: 'The server does not answer.', hint: null });
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
    // Not of our server's making: something stands between.
  }
  return {
    code: status >= 500 ? 'UNEXPECTED' : 'BAD_REQUEST',
    message: `The server answered ${status}.`,
    hint: 'Reload the page; if that does not help, look at the terminal where winnow annotate runs.',
  };
}

const FIRST_MS = 500;
const LONGEST_MS = 8000;

/** How long to wait before what failed so many times (from 1) is tried again: longer each time, never so long that a
 * person would rather reload. */
export function retryAfterMs(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
}

/**
 * Submits a label. Where the server has this very label already, because the answer to an earlier try was lost, that is
 * as good as the answer.
 */
export async function labelOnce(api: DeskApi, number: number, request: LabelRequest): Promise<LabelAnswer> {
  try {
    return await api.label(number, request);
  } catch (error) {
    const problem = asRequestError(error);
    if (problem.writing?.submitted !== true || !sameText(problem.writing, request)) throw problem;
    const answer = await api.open(number);
    if (answer.item.verdict !== request.verdict) throw problem;
    return answer;
  }
}
