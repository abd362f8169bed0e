import { ProviderError } from '../../domain/errors.ts';
import { parseBoundedJson } from '../../domain/foreign-json.ts';
import { sendRequest } from '../metering/request-failure.ts';
import type { Dialect } from './dialect.ts';
import type { LlmReply, LlmRequest } from './llm-client.ts';
import type { RequestTarget } from './request-target.ts';

const BATCH_TIMEOUT_MS = 1_200_000;
/** Clocks differ; batches that were created this long before ours are not looked at. */
export const CLOCK_SKEW_MS = 3_600_000;

/** How a client writes requests and reads replies, for batches of them. */
export interface BatchWire {
  readonly parameters: (request: LlmRequest, dialect: Dialect) => unknown;
  readonly read: (reply: unknown) => LlmReply;
  readonly written: (request: LlmRequest, dialect: Dialect) => string | undefined;
}

/** Sends single requests about batches. Files are sent and read in one of them, which takes longer than a call. */
export function batchSender(target: RequestTarget) {
  const patient = { ...target, timeoutMs: Math.max(target.timeoutMs, BATCH_TIMEOUT_MS) };
  return <R>(signal: AbortSignal | undefined, request: (signal: AbortSignal) => Promise<R>) =>
    sendRequest(patient, signal, request);
}

/** The lines of a file of results. A line that is no JSON says nothing. */
export function* resultLines(text: string): Generator<unknown> {
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    try {
      yield parseBoundedJson(line);
    } catch {
      // Its request counts as one without a result.
    }
  }
}

/** The error of a request that came back without an answer: it is not billed, and may be sent again. */
export function unanswered(target: RequestTarget, why: string): ProviderError {
  return new ProviderError(
    `${target.service} returned a request of a batch without an answer: ${why}.`,
    { provider: target.provider, retryable: true, billing: 'none', said: why },
    { hint: 'Run the same command again: it goes into the next batch.' },
  );
}
