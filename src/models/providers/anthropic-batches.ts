import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { ProviderError } from '../../domain/errors.ts';
import { requestFailure } from '../metering/request-failure.ts';
import type { BatchApi, BatchResult, BatchTerms, FoundBatch } from './batch-api.ts';
import { type BatchWire, batchSender, CLOCK_SKEW_MS, resultLines, unanswered } from './batch-results.ts';
import { NO_DEADLINE_MS } from './guarded-fetch.ts';
import type { Negotiation } from './negotiation.ts';
import type { RequestTarget } from './request-target.ts';

const PATH = '/v1/messages/batches';
const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  overloaded_error: 529,
};

const count = z.int().nonnegative().catch(0);
const batchSchema = z.object({
  id: z.string().min(1),
  processing_status: z.string(),
  created_at: z.string().catch(''),
  request_counts: z.object({ canceled: count, errored: count, expired: count, processing: count, succeeded: count }),
});
type Batch = z.infer<typeof batchSchema>;
const pageSchema = z.object({ data: z.array(z.unknown()), has_more: z.boolean().catch(false) });
const lineSchema = z.object({
  custom_id: z.string(),
  result: z.object({ type: z.string(), message: z.unknown().optional(), error: z.unknown().optional() }),
});

/**
 * Anthropic's Message Batches. They carry no name of ours, so a batch whose id is not known is found by the custom ids of
 * its results, once it has ended; before, one of the same size may be it.
 */
export function anthropicBatches(
  { sdk, target }: { readonly sdk: Anthropic; readonly target: RequestTarget },
  terms: BatchTerms,
  negotiation: Negotiation,
  wire: BatchWire,
): BatchApi {
  const send = batchSender(target);
  const get = (path: string, signal: AbortSignal | undefined) =>
    send(signal, (requestSignal) => sdk.get<unknown>(path, { signal: requestSignal, timeout: NO_DEADLINE_MS }));
  // Not at the address that the batch names: the key goes where the settings say and nowhere else.
  const lines = (remoteId: string, signal: AbortSignal | undefined) =>
    send(signal, async (requestSignal) => {
      const path = `${PATH}/${encodeURIComponent(remoteId)}/results`;
      const response = await sdk.get(path, { signal: requestSignal, timeout: NO_DEADLINE_MS }).asResponse();
      return [...resultLines(await response.text())].flatMap((line) => lineSchema.safeParse(line).data ?? []);
    });
  const read = (received: unknown) => readBatch(received, target);
  return {
    terms,
    get dialect() {
      return JSON.stringify(negotiation.dialect);
    },
    learn: (refusal, request) => negotiation.learn(refusal, request),
    write: (request) => ({
      body: JSON.stringify(wire.parameters(request, negotiation.dialect)),
      written: wire.written(request, negotiation.dialect),
    }),
    create: (_key, requests, onCreate, signal) => {
      const listed = requests.map(
        ({ customId, body: params }) => `{"custom_id":${JSON.stringify(customId)},"params":${params}}`,
      );
      const body = `{"requests":[${listed.join(',')}]}`;
      onCreate();
      return send(signal, async (requestSignal) => {
        const headers = { 'content-type': 'application/json' };
        const options = { body, headers, signal: requestSignal, timeout: NO_DEADLINE_MS };
        return read(await sdk.post<unknown>(PATH, options)).id;
      });
    },
    find: async (key, { createdAtMs, size, others }, signal): Promise<FoundBatch> => {
      let isUnclear = false;
      for (let after = ''; ; ) {
        const page = pageSchema.parse(await get(`${PATH}?limit=100${after}`, signal));
        const batches = page.data.map(read);
        for (const { id, processing_status, created_at, request_counts } of batches) {
          if (Date.parse(created_at) < createdAtMs - CLOCK_SKEW_MS) return { state: isUnclear ? 'unclear' : 'none' };
          const requests = Object.values(request_counts).reduce((sum, one) => sum + one, 0);
          if (requests !== size || others.has(id)) continue;
          if (processing_status !== 'ended') isUnclear = true;
          else if ((await lines(id, signal)).some(({ custom_id }) => custom_id.startsWith(key))) {
            return { state: 'found', remoteId: id };
          }
        }
        const last = batches.at(-1);
        if (!page.has_more || last === undefined) return { state: isUnclear ? 'unclear' : 'none' };
        after = `&after_id=${encodeURIComponent(last.id)}`;
      }
    },
    look: async (remoteId, signal) => {
      const { processing_status, request_counts } = read(await get(`${PATH}/${encodeURIComponent(remoteId)}`, signal));
      const { processing, succeeded, ...others } = request_counts;
      const done = succeeded + Object.values(others).reduce((sum, one) => sum + one, 0);
      return { ended: processing_status === 'ended', total: done + processing, done, answered: succeeded };
    },
    results: async (remoteId, signal) =>
      (await lines(remoteId, signal)).map((line): BatchResult => readResult(line, wire, target)),
  };
}

function readBatch(received: unknown, target: RequestTarget): Batch {
  const batch = batchSchema.safeParse(received);
  if (batch.success) return batch.data;
  throw new ProviderError(
    `${target.service} answered, but not with a batch.`,
    { provider: target.provider, status: 200, retryable: true, billing: 'unknown' },
    { hint: `Check that ${target.baseUrl} offers batches.` },
  );
}

function readResult(
  { custom_id: customId, result: { type, message, error } }: z.infer<typeof lineSchema>,
  wire: BatchWire,
  target: RequestTarget,
): BatchResult {
  if (type === 'errored') return { customId, error: lineFailure(error, target) };
  if (type !== 'succeeded') return { customId, error: unanswered(target, type) };
  try {
    return { customId, reply: wire.read(message) };
  } catch (failure) {
    if (failure instanceof ProviderError) return { customId, error: failure };
    throw failure;
  }
}

/** The failure of one request, worded as that of a live one. */
function lineFailure(body: unknown, target: RequestTarget): ProviderError {
  const { type, message } = (body as { error?: { type?: unknown; message?: unknown } } | undefined)?.error ?? {};
  return requestFailure({ status: STATUS_OF[String(type)] ?? 500, error: body, message, type }, target);
}
