import type { LimitName, RateLimits } from '../../domain/rate-limits.ts';

/** The part of `Headers` that is read here; names are case-insensitive. */
export interface HeaderReader {
  get(name: string): string | null;
}

const SECOND_MS = 1_000;
const MOST_SECONDS = 86_400;
const UNIT_MS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: SECOND_MS,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};
const DURATION_PART = /(\d+(?:\.\d+)?)(ms|us|µs|ns|d|h|m|s)/g;
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|us|µs|ns|d|h|m|s))+$/;
const NUMBER = /^\d+(?:\.\d+)?$/;
const HTTP_DATE = /^[A-Za-z]{3}, \d{2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

const NAMES = { requests: 'requests', tokens: 'tokens', inputTokens: 'input-tokens', outputTokens: 'output-tokens' };
/** Per limit: how large it is, how much of it is left, and when it is whole again. */
const LIMITS = [
  // An IETF draft, which gateways follow.
  limitHeaders('requests', (part) => `ratelimit-${part}`),
  ...(Object.entries(NAMES) as [LimitName, string][]).flatMap(([name, word]) => [
    limitHeaders(name, (part) => `x-ratelimit-${part}-${word}`),
    limitHeaders(name, (part) => `anthropic-ratelimit-${word}-${part}`),
  ]),
];

function limitHeaders(name: LimitName, header: (part: string) => string) {
  return { name, limit: header('limit'), remaining: header('remaining'), reset: header('reset') };
}

/**
 * How long a provider asks to wait before the next request, in whole milliseconds, rounded up.
 *
 * The first of these that can be read: `retry-after-ms`; `retry-after`, in seconds or as an HTTP date;
 * and, with status 429 only, the resets of the rate limits (other answers carry those for information).
 * Of several resets the longest counts, those of limits with nothing remaining first.
 * Points in time are measured against the response's own `date`, so a wrong local clock does no harm;
 * without that header they cannot be used.
 * @returns undefined when nothing is asked for
 */
export function demandedWaitMs(headers: HeaderReader, status: number): number | undefined {
  const until = untilBy(headers);
  const retryAfter = headers.get('retry-after');
  const waitMs =
    parseNumber(headers.get('retry-after-ms')) ??
    scale(parseNumber(retryAfter), SECOND_MS) ??
    until(parseTime(retryAfter, HTTP_DATE)) ??
    (status === 429 ? resetWaitMs(headers, until) : undefined);
  return waitMs === undefined ? undefined : Math.ceil(waitMs);
}

/** The limits that the headers of an answer state; undefined where they state none. */
export function statedLimits(headers: HeaderReader): RateLimits | undefined {
  const until = untilBy(headers);
  const stated = LIMITS.flatMap(({ name, ...header }) => {
    const remaining = parseNumber(headers.get(header.remaining));
    const limit = parseNumber(headers.get(header.limit));
    if (remaining === undefined || !limit) return [];
    const resetMs = resetOf(headers.get(header.reset), until);
    return [[name, { limit, remaining, ...(resetMs === undefined ? {} : { resetMs }) }] as const];
  });
  return stated.length === 0 ? undefined : Object.fromEntries(stated);
}

type Until = (timeMs: number | undefined) => number | undefined;

/** How long it is from the response's own date to a point in time. */
function untilBy(headers: HeaderReader): Until {
  const sentAtMs = parseTime(headers.get('date'), HTTP_DATE);
  return (timeMs) => (timeMs === undefined || sentAtMs === undefined ? undefined : Math.max(0, timeMs - sentAtMs));
}

/** A duration, a point in time, or a plain number of seconds; servers that mean a Unix time by the number are not read. */
function resetOf(text: string | null, until: Until): number | undefined {
  const seconds = parseNumber(text);
  const inSeconds = seconds !== undefined && seconds <= MOST_SECONDS ? seconds : undefined;
  return parseDurationMs(text) ?? until(parseTime(text, TIMESTAMP)) ?? scale(inSeconds, SECOND_MS);
}

function resetWaitMs(headers: HeaderReader, until: Until): number | undefined {
  const resets = LIMITS.flatMap(({ remaining, reset }) => {
    const waitMs = resetOf(headers.get(reset), until);
    return waitMs === undefined ? [] : [{ waitMs, exhausted: parseNumber(headers.get(remaining)) === 0 }];
  });
  const exhausted = resets.filter((reset) => reset.exhausted);
  const relevant = exhausted.length > 0 ? exhausted : resets;
  return relevant.length === 0 ? undefined : Math.max(...relevant.map(({ waitMs }) => waitMs));
}

/**
 * Reads a duration such as "6m0s", "1.5s" or "20ms".
 * @returns milliseconds, possibly a fraction; undefined when the text is no duration
 */
export function parseDurationMs(text: string | null): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (!DURATION.test(trimmed)) return undefined;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(DURATION_PART)) total += Number(amount) * UNIT_MS[unit!]!;
  return Number.isFinite(total) ? total : undefined;
}

function parseNumber(text: string | null): number | undefined {
  const trimmed = text?.trim() ?? '';
  const value = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function parseTime(text: string | null, form: RegExp): number | undefined {
  const trimmed = text?.trim() ?? '';
  const timeMs = form.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

function scale(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}
