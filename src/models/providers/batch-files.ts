import { z } from 'zod';
import { ProviderError } from '../../domain/errors.ts';
import { requestFailure } from '../metering/request-failure.ts';
import { shownText } from '../metering/shown-text.ts';
import type { BatchApi, BatchProgress, BatchResult, BatchTerms, FoundBatch, WrittenRequest } from './batch-api.ts';
import { type BatchWire, batchSender, CLOCK_SKEW_MS, resultLines, unanswered } from './batch-results.ts';
import type { Negotiation } from './negotiation.ts';
import { type OpenAiApi, readableError } from './openai-api.ts';
import type { RequestTarget } from './request-target.ts';

/** Where the requests of a batch would be sent one by one. */
export const BATCH_ENDPOINT = '/v1/chat/completions';
/** Refusals that hold only until other batches are done. */
const ROOM_LATER = /token_limit|enqueued|rate_limit|quota|pending/i;

const text = z.string().nullish().catch(undefined);
const lineSchema = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.int(), body: z.unknown() }).nullish().catch(undefined),
  error: z
    .union([z.looseObject({ code: text, message: text }), z.string().transform((message) => ({ message, code: null }))])
    .nullish()
    .catch(undefined),
});

/** The beginning of a line of requests, where it names the method. */
export const POSTED = '"method":"POST",';

/** What a provider says of a batch. */
export interface BatchJob {
  readonly id: string;
  /** What it was created with. */
  readonly key: unknown;
  readonly createdAtMs: number;
  readonly progress: BatchProgress;
  /** The ids of its files of results. */
  readonly files: readonly (string | null | undefined)[];
}

/** The routes of a provider that works on files of requests. Each makes one request. @throws what its SDK throws */
export interface BatchJobs {
  /** A line of the file, but for its id and the request: `"method":"POST",`. */
  readonly line: string;
  create(fileId: string, key: string, signal: AbortSignal): Promise<BatchJob>;
  look(id: string, signal: AbortSignal): Promise<BatchJob>;
  /** The latest first. */
  list(createdAfterMs: number, signal: AbortSignal): AsyncIterable<BatchJob>;
}

/** Batches that are files of requests, answered by a file of answers and one of errors. */
export function fileBatches(
  { sdk, target }: OpenAiApi,
  terms: BatchTerms,
  { negotiation, wire, jobs }: { negotiation: Negotiation; wire: BatchWire; jobs: BatchJobs },
): BatchApi {
  const send = batchSender(target);
  const readLines = (lines: string) => readResultLines(lines, { ...wire, target });
  const look = (remoteId: string, signal: AbortSignal | undefined) =>
    send(signal, (requestSignal) => jobs.look(remoteId, requestSignal));
  const fileText = (id: string, signal: AbortSignal | undefined) =>
    send(signal, async (requestSignal) => (await sdk.files.content(id, { signal: requestSignal })).text());
  return {
    ...requestWriter(terms, negotiation, wire),
    get dialect() {
      return JSON.stringify(negotiation.dialect);
    },
    create: async (key, requests, onCreate, signal) => {
      const lines = requestLines(requests, jobs.line);
      const file = await send(signal, (requestSignal) =>
        sdk.files.create({ file: new File(lines, `winnow-${key}.jsonl`), purpose: 'batch' }, { signal: requestSignal }),
      );
      onCreate();
      return (await send(signal, (requestSignal) => jobs.create(file.id, key, requestSignal))).id;
    },
    find: (key, { createdAtMs }, signal): Promise<FoundBatch> =>
      send(signal, async (requestSignal) => {
        const sinceMs = createdAtMs - CLOCK_SKEW_MS;
        for await (const job of jobs.list(sinceMs, requestSignal)) {
          if (job.key === key) return { state: 'found', remoteId: job.id };
          if (job.createdAtMs < sinceMs) break;
        }
        return { state: 'none' };
      }),
    look: async (remoteId, signal) => (await look(remoteId, signal)).progress,
    results: async (remoteId, signal) => {
      const { files } = await look(remoteId, signal);
      const results: BatchResult[] = [];
      for (const id of files) {
        if (id) results.push(...readLines(await fileText(id, signal)));
      }
      return results;
    },
  };
}

/** How requests are written that answer in the same words as live ones. */
export function requestWriter(
  terms: BatchTerms,
  negotiation: Negotiation,
  wire: BatchWire,
): Pick<BatchApi, 'terms' | 'learn' | 'write'> {
  return {
    terms,
    learn: (refusal, request) => negotiation.learn(refusal, request),
    write: (request, thinks): WrittenRequest => {
      // Models that think refuse a temperature, and a refusal takes as long here as an answer.
      const dialect = thinks ? { ...negotiation.dialect, temperature: false } : negotiation.dialect;
      return {
        body: JSON.stringify(wire.parameters(request, dialect)),
        written: wire.written(request, dialect),
      };
    },
  };
}

/** @param between what stands between the id and the body of a line */
export function requestLines(
  requests: readonly { readonly customId: string; readonly body: string }[],
  between: string,
): string[] {
  return requests.map(({ customId, body }) => `{"custom_id":${JSON.stringify(customId)},${between}"body":${body}}\n`);
}

/** The results of a file. Lines that are none are left out. */
export function* readResultLines(
  lines: string,
  source: Pick<BatchWire, 'read'> & { readonly target: RequestTarget },
): Generator<BatchResult> {
  for (const line of resultLines(lines)) {
    const result = lineSchema.safeParse(line);
    if (result.success) yield readResult(result.data, source);
  }
}

/** @param received of a route about batches @throws ProviderError */
export function readJob<T>(schema: z.ZodType<T>, received: unknown, target: RequestTarget): T {
  const job = schema.safeParse(received);
  if (job.success) return job.data;
  throw new ProviderError(
    `${target.service} answered, but not with a batch.`,
    { provider: target.provider, status: 200, retryable: true, billing: 'unknown' },
    { hint: `Check that ${target.baseUrl} offers batches.` },
  );
}

/** Of a batch that the provider turned down as a whole. @param said why, as it says */
export function turnedDown(said: string, target: RequestTarget): ProviderError {
  const retryable = ROOM_LATER.test(said);
  const why = said === '' ? '.' : `: ${shownText(said, target)}`;
  return new ProviderError(`${target.service} rejected the batch${why}`, {
    provider: target.provider,
    status: retryable ? 429 : 400,
    retryable,
    billing: 'none',
    said,
  });
}

function readResult(
  { custom_id: customId, response, error }: z.infer<typeof lineSchema>,
  { read, target }: Pick<BatchWire, 'read'> & { readonly target: RequestTarget },
): BatchResult {
  if (response?.status_code === 200) {
    try {
      return { customId, reply: read(response.body) };
    } catch (failure) {
      if (failure instanceof ProviderError) return { customId, error: failure };
      throw failure;
    }
  }
  // vLLM has the error beside a response without a body.
  if (response) return { customId, error: lineFailure(response.status_code, response.body ?? error, target) };
  return { customId, error: unanswered(target, error?.message ?? error?.code ?? 'no reason given') };
}

/** The failure of one request, worded as that of a live one. */
function lineFailure(status: number, body: unknown, target: RequestTarget): ProviderError {
  const readable = readableError(body) as { error?: Record<'message' | 'code' | 'type' | 'param', unknown> } | null;
  const inner = readable?.error;
  return requestFailure({ ...inner, status, error: inner }, target);
}
