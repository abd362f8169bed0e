import { z } from 'zod';
import type { BatchApi, BatchTerms } from './batch-api.ts';
import { BATCH_ENDPOINT, type BatchJob, fileBatches, POSTED, readJob, turnedDown } from './batch-files.ts';
import type { BatchWire } from './batch-results.ts';
import type { Negotiation } from './negotiation.ts';
import type { OpenAiApi } from './openai-api.ts';
import type { RequestTarget } from './request-target.ts';

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'expired', 'cancelled']);

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

/** The Batch API of OpenAI: a file of requests in, a file of answers and one of errors out. */
export function openAiBatches(api: OpenAiApi, terms: BatchTerms, negotiation: Negotiation, wire: BatchWire): BatchApi {
  const { sdk, target } = api;
  return fileBatches(api, terms, {
    negotiation,
    wire,
    jobs: {
      line: `${POSTED}"url":"${BATCH_ENDPOINT}",`,
      create: async (fileId, key, signal) =>
        jobOf(
          await sdk.batches.create(
            { input_file_id: fileId, endpoint: BATCH_ENDPOINT, completion_window: '24h', metadata: { winnow: key } },
            { signal },
          ),
          target,
        ),
      look: async (id, signal) => jobOf(await sdk.batches.retrieve(id, { signal }), target),
      async *list(_createdAfterMs, signal) {
        for await (const listed of sdk.batches.list({ limit: 100 }, { signal })) yield jobOf(listed, target);
      },
    },
  });
}

function jobOf(received: unknown, target: RequestTarget): BatchJob {
  const batch = readJob(batchSchema, received, target);
  const { total = 0, completed = 0, failed = 0 } = batch.request_counts ?? {};
  const said =
    batch.errors?.data?.map(({ code, message }) => [message, code].filter(Boolean).join(' ')).join('; ') ?? '';
  return {
    id: batch.id,
    key: batch.metadata?.winnow,
    createdAtMs: batch.created_at * 1000,
    progress: {
      ...{ ended: ENDED.has(batch.status), total, done: completed + failed, answered: completed },
      ...(batch.status === 'failed' ? { refused: turnedDown(said, target) } : {}),
    },
    files: [batch.output_file_id, batch.error_file_id],
  };
}
