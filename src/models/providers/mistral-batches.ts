import { z } from 'zod';
import type { BatchApi, BatchTerms } from './batch-api.ts';
import { BATCH_ENDPOINT, type BatchJob, fileBatches, readJob, turnedDown } from './batch-files.ts';
import type { BatchWire } from './batch-results.ts';
import type { Negotiation } from './negotiation.ts';
import type { OpenAiApi } from './openai-api.ts';
import type { RequestTarget } from './request-target.ts';

const JOBS = '/batch/jobs';
const PAGE_SIZE = 100;
const TIMEOUT_HOURS = 24;
const ENDED: ReadonlySet<string> = new Set(['SUCCESS', 'FAILED', 'TIMEOUT_EXCEEDED', 'CANCELLED']);

const count = z.int().nonnegative().catch(0);
const text = z.string().nullish().catch(undefined);
const jobSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  created_at: z.number().catch(Number.POSITIVE_INFINITY),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  output_file: text,
  error_file: text,
  total_requests: count,
  succeeded_requests: count,
  failed_requests: count,
  errors: z
    .array(z.object({ message: text }))
    .nullish()
    .catch(undefined),
});
const pageSchema = z.object({ data: z.array(z.unknown()).nullish() });

/**
 * The batch jobs of Mistral, on files as OpenAI's.
 * Source: https://docs.mistral.ai/api/endpoint/batch
 */
export function mistralBatches(api: OpenAiApi, terms: BatchTerms, negotiation: Negotiation, wire: BatchWire): BatchApi {
  const { sdk, target } = api;
  const post = (body: object, signal: AbortSignal) => sdk.post<unknown>(JOBS, { body, signal });
  return fileBatches(api, terms, {
    negotiation,
    wire,
    jobs: {
      line: '',
      create: async (fileId, key, signal) =>
        jobOf(
          await post(
            {
              ...{ input_files: [fileId], endpoint: BATCH_ENDPOINT, model: target.model },
              ...{ metadata: { winnow: key }, timeout_hours: TIMEOUT_HOURS },
            },
            signal,
          ),
          target,
        ),
      look: async (id, signal) =>
        jobOf(await sdk.get<unknown>(`${JOBS}/${encodeURIComponent(id)}`, { signal }), target),
      async *list(createdAfterMs, signal) {
        const created_after = new Date(createdAfterMs).toISOString();
        for (let page = 0; ; page += 1) {
          const query = { page, page_size: PAGE_SIZE, created_after };
          const { data } = readJob(pageSchema, await sdk.get<unknown>(JOBS, { query, signal }), target);
          for (const listed of data ?? []) yield jobOf(listed, target);
          if ((data?.length ?? 0) < PAGE_SIZE) return;
        }
      },
    },
  });
}

function jobOf(received: unknown, target: RequestTarget): BatchJob {
  const job = readJob(jobSchema, received, target);
  const { succeeded_requests: answered, failed_requests: failed } = job;
  const said = job.errors?.flatMap(({ message }) => message ?? []).join('; ') ?? '';
  return {
    id: job.id,
    key: job.metadata?.winnow,
    createdAtMs: job.created_at * 1000,
    progress: {
      ...{ ended: ENDED.has(job.status), total: job.total_requests, done: answered + failed, answered },
      // One that failed with requests answered or refused has results.
      ...(job.status === 'FAILED' && answered + failed === 0 ? { refused: turnedDown(said, target) } : {}),
    },
    files: [job.output_file, job.error_file],
  };
}
