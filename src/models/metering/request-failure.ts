import { FILTERED_HINT, ProviderError } from '../../domain/errors.ts';
import { option, sentence, type Wording } from '../../domain/wording.ts';
import type { RequestTarget } from '../providers/request-target.ts';
import { connectionFailure, timedOut } from './connection-failure.ts';
import { findModel } from './prices.ts';
import { demandedWaitMs, type HeaderReader, parseDurationMs, statedLimits } from './rate-limit-headers.ts';
import { runningDeadline } from './running-deadline.ts';
import { shownText } from './shown-text.ts';

/** Sent by servers and gateways that lost the request: it may have been worked on. */
const PERHAPS_WORKED_ON: ReadonlySet<number> = new Set([408, 499, 502, 504, 520, 524]);
const NO_CREDIT = /insufficient_quota|billing_hard_limit|exceeded your current quota|credit balance is too low/i;
/** Google answers a wrong key with a 400. */
const BAD_KEY = /api key (?:not valid|expired|not found)/i;
/** In the words of Azure, OpenAI (prompts for thinking models), Anthropic, OpenRouter and DeepSeek. */
const FILTERED =
  /content_filter|content management policy|invalid_prompt|flagged as potentially violating|content filtering policy|input was flagged|content exists risk/i;
/** OpenRouter refuses with a 403. */
const FILTER_STATUS: ReadonlySet<number> = new Set([400, 403]);
const TOO_LONG = /context.?(?:length|window|size)|(?:prompt|input|request) is too (?:long|large)|too many tokens/i;

/**
 * Makes one HTTP request under a deadline of running time and turns every failure into a ProviderError.
 *
 * An HTTP error status means the request was turned down and costs nothing, except where a server or
 * gateway says that it lost it. A deadline of ours, a dropped connection or an answer that was cut may be billed.
 * @throws ProviderError; or the signal's reason when it aborts
 */
export async function sendRequest<R>(
  target: RequestTarget,
  signal: AbortSignal | undefined,
  request: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  signal?.throwIfAborted();
  const deadline = runningDeadline(target.timeoutMs);
  try {
    return await request(signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal);
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    if (signal?.aborted) throw signal.reason;
    if (deadline.signal.aborted) throw timedOut(target, deadline.signal.reason);
    throw requestFailure(error, target);
  } finally {
    deadline.clear();
  }
}

/** The error of a 200 that is no answer: a page of HTML, say. Sending it again would not help. */
export function unreadableReply(target: RequestTarget, seen: unknown): ProviderError {
  const shown = typeof seen === 'string' ? `"${shownText(seen, target).slice(0, 80)}"` : typeof seen;
  return new ProviderError(
    `${target.service} answered, but not with the JSON of its API: ${shown}.`,
    { provider: target.provider, status: 200, retryable: false, billing: 'unknown' },
    { hint: `Check the base URL, ${target.baseUrl}: it usually ends with /v1.` },
  );
}

/**
 * Describes what an SDK threw. It reads the fields both SDKs' errors have, and the cause chain of `fetch`.
 * Neither the key nor the SDK's error, which may quote it, gets into what it returns.
 */
export function requestFailure(error: unknown, target: RequestTarget): ProviderError {
  const { status, headers } = (error ?? {}) as { status?: unknown; headers?: unknown };
  if (typeof status === 'number') {
    return httpFailure(status, hasGet(headers) ? headers : new Headers(), error, target);
  }
  return connectionFailure(error, target);
}

function httpFailure(status: number, headers: HeaderReader, error: unknown, target: RequestTarget): ProviderError {
  const said = saidByServer(error, target);
  const evidence = `${said} ${errorCode(error)}`;
  const retryDelayMs = retryInfoMs(error);
  // Google says "quota" of its limits per minute too, and then how long to wait.
  const noCredit = status === 402 || (NO_CREDIT.test(evidence) && retryDelayMs === undefined);
  // Some servers say with a 500 that a prompt does not fit; with a 501, that they will never do what was asked.
  const tooLong = TOO_LONG.test(evidence) && (status < 429 || status === 500);
  const mayPass = status === 408 || status === 409 || status === 429 || (status >= 500 && status !== 501);
  const retryable = mayPass && !noCredit && !(tooLong && status === 500);
  const filtered = FILTER_STATUS.has(status) && FILTERED.test(evidence);
  const retryAfterMs = demandedWaitMs(headers, status) ?? retryDelayMs;
  const { what, hint } = describeStatus(
    status,
    { noCredit, badKey: status === 400 && BAD_KEY.test(evidence), tooLong, filtered },
    target,
  );
  return new ProviderError(
    `${what} (${status})${said === '' ? '.' : `: ${said}`}`,
    {
      provider: target.provider,
      status,
      retryable,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      limits: statedLimits(headers),
      billing: PERHAPS_WORKED_ON.has(status) ? 'unknown' : 'none',
      said,
      isFiltered: filtered,
    },
    hint === undefined ? {} : { hint },
  );
}

function describeStatus(
  status: number,
  { noCredit, badKey, tooLong, filtered }: Record<'noCredit' | 'badKey' | 'tooLong' | 'filtered', boolean>,
  target: RequestTarget,
): { what: string; hint?: Wording } {
  const { service } = target;
  if (noCredit) {
    return { what: `The ${service} account has no credit left`, hint: 'Add credit to the account or raise its limit.' };
  }
  if (filtered) return { what: `${service} refused a text by its content filter`, hint: FILTERED_HINT };
  if (status === 401 || badKey) return { what: `${service} refused the API key`, hint: `Check ${target.keySource}.` };
  if (status === 403) {
    return {
      what: `${service} does not allow this request`,
      hint: `Check that the key in ${target.keySource} may use ${target.model}.`,
    };
  }
  if (status === 404) {
    const retired = findModel(target.provider, target.model)?.retired;
    if (retired !== undefined) {
      return {
        what: `${service} has retired "${target.model}"`,
        hint: sentence`It was retired on ${retired}. Set ${option('model')} to another one.`,
      };
    }
    return {
      what: `${service} knows no model "${target.model}" at ${target.baseUrl}`,
      hint: sentence`Check ${option('model')} and ${option('baseUrl')}.`,
    };
  }
  if (status >= 300 && status < 400) {
    return { what: `${service} answers with a redirect`, hint: sentence`Check ${option('baseUrl')}.` };
  }
  if (status === 413 || tooLong) {
    return {
      what: `${service} found the request too long`,
      hint: sentence`Show fewer candidates: lower ${option('itemsPerQuery')}.`,
    };
  }
  if (status === 429) return { what: `${service} limits the rate of requests` };
  if (status === 501) {
    return {
      what: `${service} does not offer what was asked`,
      hint: 'Use another server or model, or a strategy that does without.',
    };
  }
  if (status >= 500) return { what: `${service} failed` };
  return { what: `${service} rejected the request` };
}

/** A failure that a gateway reports within a 200: it may have been worked on. */
export function failedUpstream(
  { message, code }: { readonly message: string; readonly code?: unknown },
  target: RequestTarget,
): ProviderError {
  const status = typeof code === 'number' ? code : 200;
  return new ProviderError(`The server passed on a failure: ${shownText(message, target)}`, {
    provider: target.provider,
    status,
    retryable: status === 408 || status === 409 || status === 429 || status >= 500,
    billing: 'unknown',
    isFiltered: FILTERED.test(`${message} ${String(code)}`),
  });
}

/** The server's own words, as one line that ends with a full stop. */
function saidByServer(error: unknown, target: RequestTarget): string {
  const { message, error: body, param } = error as { message?: unknown; error?: unknown; param?: unknown };
  const inner = (body as { error?: { message?: unknown } } | undefined)?.error?.message;
  const text = [inner, (body as { message?: unknown } | undefined)?.message, message].find(isNonEmptyString) ?? '';
  const words = shownText(text.replace(/^\d{3} /, ''), target);
  if (words === '' || words.startsWith('<') || words === 'status code (no body)') return '';
  const parameter = isNonEmptyString(param) ? shownText(param, target) : '';
  const about = parameter === '' || words.includes(parameter) ? '' : ` (${parameter})`;
  return `${words.replace(/[.\s]+$/, '')}${about}.`;
}

/** What Google's error bodies say about the next request: `details: [{"retryDelay": "34s"}]`. */
function retryInfoMs(error: unknown): number | undefined {
  const { details } = ((error as { error?: unknown }).error ?? {}) as { details?: unknown };
  if (!Array.isArray(details)) return undefined;
  const delays = details.map((detail) => (detail as { retryDelay?: unknown } | null)?.retryDelay);
  const waitMs = delays
    .map((delay) => parseDurationMs(typeof delay === 'string' ? delay : null))
    .find((delayMs) => delayMs !== undefined);
  return waitMs === undefined ? undefined : Math.ceil(waitMs);
}

function errorCode(error: unknown): string {
  const { code, type } = error as { code?: unknown; type?: unknown };
  return [code, type].filter(isNonEmptyString).join(' ');
}

function isNonEmptyString(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function hasGet(value: unknown): value is HeaderReader {
  return typeof (value as { get?: unknown } | null | undefined)?.get === 'function';
}
