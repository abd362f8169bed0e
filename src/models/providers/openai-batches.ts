import { z } from 'zod';
import { ProviderError } from '../../domain/errors.ts';
import { requestFailure } from '../metering/request-failure.ts';
import { shownText } from '../metering/shown-text.ts';
import type { BatchApi, BatchProgress, BatchResult, BatchTerms, FoundBatch, WrittenRequest } from './batch-api.ts';
import { type BatchWire, batchSender, CLOCK_SKEW_MS, resultLines, unanswered } from './batch-results.ts';
import type { Negotiation } from './negotiation.ts';
import type { OpenAiApi } from './openai-api.ts';
import type { RequestTarget } from './request-target.ts';

const ENDPOINT = '/v1/chat/completions';
const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'expired', 'cancelled']);
/** Refusals that hold only until other batches are done. */
const ROOM_LATER = /token_limit|enqueued|rate_limit|quota/i;

const count = z.int().nonnegative().catch(0);
const text = z.string().nullish().catch(undefined);
const batchSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  created_at: z.number().catch(Number.POSITIVE_INFINITY),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  output_file_id: text,
  error_file_id: text,
  request_counts: z.object({ total: count, completed: count, failed: count }).nullish().catch(undefined),
  errors: z
    .object({ data: z.array(z.object({ code: text, message: text })).nullish() })
    .nullish()
    .catch(undefined),
});
type Batch = z.infer<typeof batchSchema>;

const lineSchema = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.int(), body: z.unknown() }).nullish().catch(undefined),
  error: z.object({ code: text, message: text }).nullish().catch(undefined),
});

/** The Batch API of OpenAI: a file of requests in, a file of answers and one of errors out. */
export function openAiBatches(
  { sdk, target }: OpenAiApi,
  terms: BatchTerms,
  negotiation: Negotiation,
  wire: BatchWire,
): BatchApi {
  const send = batchSender(target);
  const look = (remoteId: string, signal: AbortSignal | undefined) =>
    send(signal, async (requestSignal) =>
      readBatch(await sdk.batches.retrieve(remoteId, { signal: requestSignal }), target),
    );
  const fileText = (id: string, signal: AbortSignal | undefined) =>
    send(signal, async (requestSignal) => (await sdk.files.content(id, { signal: requestSignal })).text());
  return {
    terms,
    get dialect() {
      return JSON.stringify(negotiation.dialect);
    },
    learn: (refusal, request) => negotiation.learn(refusal, request),
    write: (request, thinks): WrittenRequest => {
      // Models that think refuse a temperature, and a refusal takes as long here as an answer.
      const dialect = thinks ? { ...negotiation.dialect, temperature: false } : negotiation.dialect;
      return {
        body: JSON.stringify(wire.parameters(request, dialect)),
        written: wire.written(request, dialect),
      };
    },
    create: async (key, requests, onCreate, signal) => {
      const lines = requests.map(
        ({ customId, body }) =>
          `{"custom_id":${JSON.stringify(customId)},"method":"POST","url":"${ENDPOINT}","body":${body}}\n`,
      );
      const file = await send(signal, (requestSignal) =>
        sdk.files.create({ file: new File(lines, `winnow-${key}.jsonl`), purpose: 'batch' }, { signal: requestSignal }),
      );
      onCreate();
      const created = await send(signal, (requestSignal) =>
        sdk.batches.create(
          { input_file_id: file.id, endpoint: ENDPOINT, completion_window: '24h', metadata: { winnow: key } },
          { signal: requestSignal },
        ),
      );
      return readBatch(created, target).id;
    },
    find: (key, { createdAtMs }, signal): Promise<FoundBatch> =>
      send(signal, async (requestSignal) => {
        for await (const listed of sdk.batches.list({ limit: 100 }, { signal: requestSignal })) {
          const batch = readBatch(listed, target);
          if (batch.metadata?.winnow === key) return { state: 'found', remoteId: batch.id };
          if (batch.created_at * 1000 < createdAtMs - CLOCK_SKEW_MS) break;
        }
        return { state: 'none' };
      }),
    look: async (remoteId, signal) => progressOf(await look(remoteId, signal), target),
    results: async (remoteId, signal) => {
      const { output_file_id, error_file_id } = await look(remoteId, signal);
      const results: BatchResult[] = [];
      for (const id of [output_file_id, error_file_id]) {
        if (!id) continue;
        for (const line of resultLines(await fileText(id, signal))) {
          const result = lineSchema.safeParse(line);
          if (result.success) results.push(readResult(result.data, wire, target));
        }
      }
      return results;
    },
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

function progressOf({ status, request_counts, errors }: Batch, target: RequestTarget): BatchProgress {
  const { total = 0, completed = 0, failed = 0 } = request_counts ?? {};
  const progress = { ended: ENDED.has(status), total, done: completed + failed, answered: completed };
  if (status !== 'failed') return progress;
  const said = errors?.data?.map(({ code, message }) => [message, code].filter(Boolean).join(' ')).join('; ') ?? '';
  const retryable = ROOM_LATER.test(said);
  const why = said === '' ? '.' : `: ${shownText(said, target)}`;
  const refused = new ProviderError(`${target.service} turned the batch down${why}`, {
    provider: target.provider,
    status: retryable ? 429 : 400,
    retryable,
    billing: 'none',
    said,
  });
  return { ...progress, refused };
}

function readResult(
  { custom_id: customId, response, error }: z.infer<typeof lineSchema>,
  wire: BatchWire,
  target: RequestTarget,
): BatchResult {
  if (response?.status_code === 200) {
    try {
      return { customId, reply: wire.read(response.body) };
    } catch (failure) {
      if (failure instanceof ProviderError) return { customId, error: failure };
      throw failure;
    }
  }
  if (response) return { customId, error: lineFailure(response.status_code, response.body, target) };
  return { customId, error: unanswered(target, error?.message ?? error?.code ?? 'no reason given') };
}

/** The failure of one request, worded as that of a live one. */
function lineFailure(status: number, body: unknown, target: RequestTarget): ProviderError {
  const inner = (body as { error?: { message?: unknown; code?: unknown; type?: unknown; param?: unknown } } | null)
    ?.error;
  const { message, code, type, param } = inner ?? {};
  return requestFailure({ status, error: inner, message, code, type, param }, target);
}
