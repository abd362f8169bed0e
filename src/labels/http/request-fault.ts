import { LabelError } from '../../domain/errors.ts';
import { parseBoundedJson } from '../../domain/foreign-json.ts';
import { isJsonObject } from '../../domain/instruction.ts';
import { ReplyTooLargeError } from '../../models/metering/bounded-reply.ts';
import { causeCode, NEVER_CONNECTED, refusedByFetch } from '../../models/metering/connection-failure.ts';
import type { Connection } from './connection.ts';

interface FaultFacts {
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly retryAfterMs?: number | undefined;
  /** Whether the request may have been carried out, or may still be: it must not be repeated unseen. */
  readonly perhapsDone: boolean;
  readonly hint?: string | undefined;
}

/** One request to a label server failed. */
export class RequestFault extends LabelError {
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly perhapsDone: boolean;

  constructor(message: string, { hint, ...facts }: FaultFacts) {
    super(message, hint === undefined ? {} : { hint });
    this.status = facts.status;
    this.retryable = facts.retryable;
    this.retryAfterMs = facts.retryAfterMs;
    this.perhapsDone = facts.perhapsDone;
  }
}

const SHOWN_CHARACTERS = 300;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
const UNSHOWABLE = /[\s\u0000-\u001f\u007f-\u009f]+/g;
/** Where Django, FastAPI and Argilla put what they have to say, one within the other. */
const SAID_UNDER = ['detail', 'message', 'error', 'params'];
/** Said by servers that took nothing in. A 500 may come after the work was done. */
const NOTHING_DONE: ReadonlySet<number> = new Set([429, 503]);

/** The fault behind an HTTP error status; `body` is what the server sent with it. */
export function statusFault(
  connection: Connection,
  {
    status,
    body,
    path,
    retryAfterMs,
  }: { status: number; body: string; path: string; retryAfterMs: number | undefined },
): RequestFault {
  const retryable = status === 408 || status === 429 || status >= 500;
  const { what, hint } = describeStatus(connection, status, path);
  const said = saidByServer(connection, body);
  return new RequestFault(`${what} (${status})${said === '' ? '.' : `: ${said}`}`, {
    status,
    retryable,
    retryAfterMs,
    perhapsDone: retryable && !NOTHING_DONE.has(status),
    hint,
  });
}

function describeStatus({ service, baseUrl, keySource }: Connection, status: number, path: string) {
  if (status === 401) {
    return { what: `${service} refused the key`, hint: `Check ${keySource}: it must hold a key of ${baseUrl}.` };
  }
  if (status === 403) {
    return {
      what: `${service} does not allow this`,
      hint: `The user whose key is in ${keySource} must be allowed to change the project or dataset.`,
    };
  }
  if (status === 404) {
    return { what: `${service} at ${baseUrl} has nothing at ${path}`, hint: `Is ${service} served at ${baseUrl}?` };
  }
  if (status === 429) return { what: `${service} limits the rate of requests` };
  if (status >= 500) return { what: `${service} failed` };
  return { what: `${service} rejected the request` };
}

/** The fault behind an answer that is not the JSON it should be: cut on its way, or a web page. */
export function unreadableFault(connection: Connection, body: string): RequestFault {
  const { service, baseUrl } = connection;
  const start = readable(connection, body).slice(0, 80);
  if (/^[{[]/.test(start)) {
    return new RequestFault(`${service} sent an answer that ends too early (${body.length} characters).`, {
      status: 200,
      retryable: true,
      perhapsDone: true,
    });
  }
  const what = start.startsWith('<') ? 'with a web page' : `with "${start}"`;
  return new RequestFault(`${service} at ${baseUrl} answered ${what} instead of JSON.`, {
    status: 200,
    retryable: false,
    perhapsDone: true,
    hint: `Is this the address of ${service} itself? Often a login page is in front of it.`,
  });
}

/** The fault behind JSON of a shape that is not known. */
export function unexpectedFault({ service, baseUrl }: Connection, path: string, problem: string): RequestFault {
  return new RequestFault(`${service} answered ${path} in an unknown way: ${problem}.`, {
    status: 200,
    retryable: false,
    perhapsDone: true,
    hint: `Is ${service} served at ${baseUrl}, and in a version that is still supported?`,
  });
}

/** The key is only ever sent to the address it is meant for. */
export function redirectFault({ service, baseUrl }: Connection, status: number, target: string): RequestFault {
  return new RequestFault(`${service} at ${baseUrl} sends requests on to ${target}; the key was not sent there.`, {
    status,
    retryable: false,
    perhapsDone: false,
    hint: `If that is the right place, give ${target} as its address.`,
  });
}

export function timeoutFault({ service, baseUrl, timeoutMs }: Connection): RequestFault {
  const seconds = (timeoutMs / 1_000).toLocaleString('en-US');
  return new RequestFault(`${service} at ${baseUrl} did not answer within ${seconds} s.`, {
    retryable: true,
    perhapsDone: true,
  });
}

/** The fault behind what `fetch` threw. */
export function connectionFault(connection: Connection, error: unknown): RequestFault {
  const { service, baseUrl } = connection;
  if (error instanceof ReplyTooLargeError) {
    return new RequestFault(`${service} ${error.message}.`, { retryable: false, perhapsDone: true });
  }
  const code = causeCode(error);
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return timeoutFault(connection);
  if (code !== undefined && NEVER_CONNECTED.test(code)) {
    return new RequestFault(`${service} cannot be reached at ${baseUrl} (${code}).`, {
      retryable: code !== 'ENOTFOUND' && !/CERT|SSL/.test(code),
      perhapsDone: false,
      hint: `Is ${service} up, and is that its address?`,
    });
  }
  const refusal = refusedByFetch(error, baseUrl);
  if (refusal !== undefined) {
    return new RequestFault(`${service} cannot be asked at ${baseUrl}: ${refusal}.`, {
      retryable: false,
      perhapsDone: false,
      hint: `Give another address of ${service}.`,
    });
  }
  return new RequestFault(
    `The connection to ${service} was lost before its answer was complete (${code ?? 'cut off'}).`,
    {
      retryable: true,
      perhapsDone: true,
    },
  );
}

/** The server's own words, as one line that ends with a full stop. */
function saidByServer(connection: Connection, body: string): string {
  let parsed: unknown;
  try {
    parsed = parseBoundedJson(body);
  } catch {
    const words = readable(connection, body);
    return words === '' || words.startsWith('<') ? '' : `${words}.`;
  }
  return `${readable(connection, wordsOf(parsed)).replace(/[.\s]+$/, '')}.`;
}

function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const inner = isJsonObject(value) ? SAID_UNDER.map((name) => value[name]).find((found) => found != null) : undefined;
  if (!isJsonObject(value) || inner === undefined) return JSON.stringify(value);
  const problems = value.validation_errors;
  return `${wordsOf(inner)}${problems == null ? '' : ` ${JSON.stringify(problems)}`}`;
}

/** Cut to one line, without secrets and without what could steer a terminal. */
export function readable({ secrets }: Connection, text: string): string {
  let keyless = text.slice(0, 20 * SHOWN_CHARACTERS);
  for (const secret of secrets) keyless = keyless.replaceAll(secret, '[key]');
  return keyless.replace(UNSHOWABLE, ' ').trim().slice(0, SHOWN_CHARACTERS).toWellFormed();
}
