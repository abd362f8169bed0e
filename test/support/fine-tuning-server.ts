import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PATIENT } from './provider-server.ts';

/** What goes wrong with a request, and when: before it has an effect, or after. */
export type FineTuningFault =
  | { readonly when: 'before'; readonly status: number; readonly message?: string }
  | { readonly when: 'before' | 'after'; readonly drop: true }
  | { readonly when: 'after'; readonly text: string };

export interface StoredFile {
  readonly id: string;
  readonly filename: string;
  readonly bytes: number;
  readonly purpose: string;
  readonly content: string;
}

export interface StoredJob {
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Statuses still to come; the last one stays. Each look at the job moves it on. */
  readonly statuses: string[];
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface FineTuningServerOptions {
  /** What becomes of the jobs, in the order of their creation; the last one of all that follow. */
  readonly jobs?: readonly {
    readonly statuses: readonly string[];
    readonly extra?: Readonly<Record<string, unknown>>;
  }[];
  /** `route` is the method and path, ids left out: "POST /v1/files", "GET /v1/fine_tuning/jobs/:id". */
  readonly fault?: (route: string, number: number) => FineTuningFault | undefined;
  /** Gives every job, as servers do that do not know the filter. */
  readonly ignoresFilter?: boolean;
  readonly pageSize?: number;
  /** How often the list of jobs is asked for before it has a new one. */
  readonly listsLate?: number;
}

export interface FineTuningServer {
  readonly url: string;
  readonly files: readonly StoredFile[];
  readonly jobs: readonly StoredJob[];
  /** What was asked, in order. */
  readonly routes: readonly string[];
  readonly keys: ReadonlySet<string | undefined>;
  /** Of the requests to create a job. */
  readonly idempotencyKeys: readonly unknown[];
  close(): Promise<void>;
}

type JobFate = NonNullable<FineTuningServerOptions['jobs']>[number];
const SUCCEEDED: JobFate = { statuses: ['validating_files', 'queued', 'running', 'succeeded'] };
const DONE = { fine_tuned_model: 'ft:gpt-4o-mini:org:winnow:1', trained_tokens: 1_234_567 };

/** Speaks OpenAI's files and fine-tuning endpoints, under `url` + `/v1`, and remembers what it holds. */
export async function startFineTuningServer(options: FineTuningServerOptions = {}): Promise<FineTuningServer> {
  const {
    jobs: fates = [SUCCEEDED],
    fault = () => undefined,
    ignoresFilter = false,
    pageSize = 2,
    listsLate = 0,
  } = options;
  let unlistedLooks = 0;
  const files: StoredFile[] = [];
  const jobs: StoredJob[] = [];
  const routes: string[] = [];
  const keys = new Set<string | undefined>();
  const idempotencyKeys: unknown[] = [];

  const page = (all: readonly { readonly id: string }[], url: URL) => {
    const newestFirst = all.toReversed();
    const after = url.searchParams.get('after');
    const start = after === null ? 0 : newestFirst.findIndex(({ id }) => id === after) + 1;
    return {
      object: 'list',
      data: newestFirst.slice(start, start + pageSize),
      has_more: start + pageSize < all.length,
    };
  };

  const jobBody = ({ id, body, statuses, metadata, extra }: StoredJob) => ({
    id,
    object: 'fine_tuning.job',
    created_at: 0,
    status: statuses[0],
    model: body.model,
    metadata,
    error: null,
    fine_tuned_model: null,
    trained_tokens: null,
    ...(statuses[0] === 'succeeded' ? DONE : {}),
    ...(statuses.length === 1 ? extra : {}),
  });

  const answers: Record<string, (incoming: IncomingMessage, url: URL) => unknown> = {
    'GET /v1/files': (_, url) =>
      page(
        files.map(({ content: _, ...file }) => file),
        url,
      ),
    'POST /v1/files': async (incoming) => {
      const form = await formOf(incoming);
      const file = form.get('file') as File;
      const content = await file.text();
      const id = `file-${files.length + 1}`;
      const stored = { id, filename: file.name, bytes: file.size, purpose: String(form.get('purpose')), content };
      files.push(stored);
      return { id, object: 'file', filename: file.name, bytes: file.size, status: 'processed' };
    },
    'GET /v1/fine_tuning/jobs': (_, url) => {
      const wanted = url.searchParams.get('metadata[winnow]');
      const listed = unlistedLooks > 0 ? jobs.slice(0, -1) : jobs;
      unlistedLooks -= 1;
      return page(listed.filter(({ metadata }) => ignoresFilter || metadata.winnow === wanted).map(jobBody), url);
    },
    'POST /v1/fine_tuning/jobs': async (incoming) => {
      const body = JSON.parse((await bytesOf(incoming)).toString()) as Record<string, unknown>;
      const { statuses, extra = {} } = fates[Math.min(jobs.length, fates.length - 1)]!;
      const metadata = body.metadata as Record<string, string>;
      const job = { id: `ftjob-${jobs.length + 1}`, body, metadata, statuses: [...statuses], extra };
      jobs.push(job);
      unlistedLooks = listsLate;
      return jobBody(job);
    },
    'GET /v1/fine_tuning/jobs/:id': (_, url) => {
      const job = jobs.find(({ id }) => url.pathname.endsWith(`/${id}`));
      if (!job) return undefined;
      const body = jobBody(job);
      if (job.statuses.length > 1) job.statuses.shift();
      return body;
    },
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const url = new URL(incoming.url ?? '', 'http://local');
    const route = `${incoming.method} ${url.pathname.replace(/\/(?:ftjob|file)-[^/]+/, '/:id')}`;
    routes.push(route);
    keys.add(incoming.headers.authorization);
    if (route === 'POST /v1/fine_tuning/jobs') idempotencyKeys.push(incoming.headers['idempotency-key']);
    const wrong = fault(route, routes.length);
    if (wrong?.when === 'before') {
      if ('drop' in wrong) response.destroy();
      else sendJson(response, wrong.status, { error: { message: wrong.message ?? 'scripted fault' } });
      return;
    }
    const body = await answers[route]?.(incoming, url);
    if (wrong && 'drop' in wrong) response.destroy();
    else if (wrong) response.writeHead(200, { 'content-type': 'application/json' }).end(wrong.text);
    else if (body === undefined) sendJson(response, 404, { error: { message: `no such thing: ${url.pathname}` } });
    else sendJson(response, 200, body);
  };

  const server = createServer(PATIENT, (incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      sendJson(response, 500, { error: { message: `the test server failed: ${String(error)}` } });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    jobs,
    routes,
    keys,
    idempotencyKeys,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function formOf(incoming: IncomingMessage): Promise<FormData> {
  const headers = { 'content-type': incoming.headers['content-type'] ?? '' };
  return new Response(Uint8Array.from(await bytesOf(incoming)), { headers }).formData();
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
