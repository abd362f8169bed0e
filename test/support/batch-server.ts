import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startAnthropicServer } from './anthropic-server.ts';
import { type ChatAnswerer, chooseLongest } from './chat-answers.ts';
import { startOpenAiServer } from './openai-server.ts';
import { type Fault, misbehave, type ProviderServer, readAll, sendJson } from './provider-server.ts';
import { MISTRAL } from './quirky-servers.ts';

export type BatchProviderName = 'openai' | 'anthropic' | 'mistral';
export type BatchRoute = 'upload' | 'create' | 'list' | 'look' | 'results';

/** What becomes of one request of a batch. `missing`: it is answered, but its line is not in the results. */
export type ItemFate = 'answered' | 'expired' | 'canceled' | 'errored' | 'missing' | 'twice';

/** An item that the provider has worked on or turned down. */
export interface BookEntry {
  readonly batch: number;
  readonly customId: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly billed?: { readonly input: number; readonly cached: number; readonly output: number };
}

export interface BatchServerOptions {
  readonly provider?: BatchProviderName;
  readonly chat?: ChatAnswerer;
  /** Parameters that items are turned down for. */
  readonly refuses?: readonly string[];
  /** A batch ends at this look at it. Default: the first. */
  readonly looks?: number;
  /** @param batch counted from 1 @param index of the item in it @param size of the batch */
  readonly fate?: (batch: number, index: number, size: number) => ItemFate;
  /** How a batch as a whole ends. @param batch counted from 1 */
  readonly ends?: (batch: number) => 'completed' | 'expired' | 'cancelled' | { readonly failed: string };
  /** @param nth request of this route, from 1 @returns what goes wrong before the request is carried out, or after it */
  readonly trouble?: (route: BatchRoute, nth: number) => (Fault & { readonly after?: boolean }) | undefined;
  /** Called with each request that arrives. */
  readonly onRequest?: (route: BatchRoute, nth: number) => void;
}

export interface BatchServer {
  /** As a base URL is given. */
  readonly url: string;
  /** Every item of every batch that has ended. */
  readonly books: readonly BookEntry[];
  /** Sizes of the batches that were created. */
  readonly sizes: readonly number[];
  /** How often each route was asked. */
  readonly asked: Readonly<Record<BatchRoute, number>>;
  /** Requests that were made live. */
  readonly live: ProviderServer;
  /** How many batches have ended. */
  readonly ended: number;
  close(): Promise<void>;
}

interface Item {
  readonly customId: string;
  readonly params: Record<string, unknown>;
}

interface Batch {
  readonly id: string;
  readonly number: number;
  readonly createdAtMs: number;
  readonly metadata: unknown;
  readonly items: readonly Item[];
  looks: number;
  status: string;
  lines: { readonly ok: string[]; readonly failed: string[] };
  counts: Record<'canceled' | 'errored' | 'expired' | 'succeeded', number>;
  failure?: string;
}

const LIVE_PATHS = {
  openai: '/v1/chat/completions',
  anthropic: '/v1/messages',
  mistral: '/v1/chat/completions',
} as const;
/** What a batch is called before it is worked on, while it is, and at its end. */
const STATUSES = {
  openai: {
    new: 'validating',
    working: 'in_progress',
    completed: 'completed',
    failed: 'failed',
    expired: 'expired',
    cancelled: 'cancelled',
  },
  anthropic: {
    new: 'in_progress',
    working: 'in_progress',
    completed: 'ended',
    failed: 'ended',
    expired: 'ended',
    cancelled: 'ended',
  },
  mistral: {
    new: 'QUEUED',
    working: 'RUNNING',
    completed: 'SUCCESS',
    failed: 'FAILED',
    expired: 'TIMEOUT_EXCEEDED',
    cancelled: 'CANCELLED',
  },
} as const;

/**
 * Speaks the batch APIs of OpenAI, Anthropic or Mistral, and their live ones, which answer the items. Results come in the reverse
 * order. It keeps books of what it bills.
 */
export async function startBatchServer(options: BatchServerOptions = {}): Promise<BatchServer> {
  const { provider = 'openai', chat = chooseLongest, refuses = [], looks = 1 } = options;
  const { fate = () => 'answered', ends = () => 'completed', trouble, onRequest } = options;
  const isAnthropic = provider === 'anthropic';
  const isMistral = provider === 'mistral';
  const statuses = STATUSES[provider];
  const isOpen = (status: string) => status === statuses.new || status === statuses.working;
  const live = await startLive(provider, { chat, refuses });
  const books: BookEntry[] = [];
  const files = new Map<string, string>();
  const batches: Batch[] = [];
  const asked: Record<BatchRoute, number> = { upload: 0, create: 0, list: 0, look: 0, results: 0 };
  const errorBody = (status: number, message: string) =>
    isMistral
      ? MISTRAL.errorBody!(status, message)
      : isAnthropic
        ? { type: 'error', error: { type: 'api_error', message } }
        : { error: { message, type: 'error' } };

  const create = (items: readonly Item[], metadata: unknown) => {
    const number = batches.length + 1;
    const counts = { canceled: 0, errored: 0, expired: 0, succeeded: 0 };
    const batch: Batch = {
      ...{ id: `batch_${number}`, number, createdAtMs: Date.now(), metadata, items, looks: 0, counts },
      status: statuses.new,
      lines: { ok: [], failed: [] },
    };
    batches.push(batch);
    return batch;
  };

  const work = async (batch: Batch) => {
    const end = ends(batch.number);
    if (typeof end === 'object') {
      batch.status = statuses.failed;
      batch.failure = end.failed;
      return;
    }
    const isCutShort = end !== 'completed';
    for (const [index, item] of [...batch.items.entries()].reverse()) {
      const itemFate = isCutShort && index % 2 === 1 ? 'expired' : fate(batch.number, index, batch.items.length);
      await workOn(batch, item, itemFate);
    }
    batch.status = statuses[end];
  };

  const age = async (batch: Batch) => {
    batch.looks += 1;
    if (batch.looks === looks) await work(batch);
    else if (batch.looks < looks) batch.status = statuses.working;
  };

  const workOn = async (batch: Batch, { customId, params }: Item, itemFate: ItemFate) => {
    const noteFree = () => books.push({ batch: batch.number, customId, params });
    if (itemFate === 'expired' || itemFate === 'canceled') {
      noteFree();
      // Mistral writes no line for what it did not come to.
      if (isMistral) return;
      batch.counts[itemFate] += 1;
      batch.lines.failed.push(
        isAnthropic
          ? JSON.stringify({ custom_id: customId, result: { type: itemFate } })
          : JSON.stringify({
              custom_id: customId,
              response: null,
              error: { code: `batch_${itemFate}`, message: `This request ${itemFate}.` },
            }),
      );
      return;
    }
    const reply = itemFate === 'errored' ? undefined : await ask(params);
    if (reply?.status !== 200) {
      batch.counts.errored += 1;
      const body = reply?.body ?? errorBody(500, 'it broke');
      const status = reply?.status ?? 500;
      batch.lines.failed.push(
        isAnthropic
          ? JSON.stringify({ custom_id: customId, result: { type: 'errored', error: body } })
          : JSON.stringify({ custom_id: customId, response: { status_code: status, body }, error: null }),
      );
      noteFree();
      return;
    }
    batch.counts.succeeded += 1;
    books.push({ batch: batch.number, customId, params, billed: billedFor(reply.body as never) });
    const line = isAnthropic
      ? JSON.stringify({ custom_id: customId, result: { type: 'succeeded', message: reply.body } })
      : JSON.stringify({ custom_id: customId, response: { status_code: 200, body: reply.body }, error: null });
    if (itemFate === 'twice') batch.lines.ok.push(line);
    if (itemFate !== 'missing') batch.lines.ok.push(line);
  };

  const ask = async (params: Record<string, unknown>) => {
    const response = await fetch(`${live.url}${LIVE_PATHS[provider]}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  };

  const shown = (batch: Batch) => {
    const { succeeded, ...others } = batch.counts;
    const failed = Object.values(others).reduce((sum, one) => sum + one, 0);
    if (isAnthropic) {
      const counts = { ...batch.counts, processing: batch.items.length - succeeded - failed };
      return {
        ...{ id: batch.id, type: 'message_batch', processing_status: batch.status, request_counts: counts },
        created_at: new Date(batch.createdAtMs).toISOString(),
      };
    }
    const hasEnded = !isOpen(batch.status);
    if (isMistral) return mistralJob(batch, { succeeded, failed, hasEnded });
    return {
      ...{ id: batch.id, object: 'batch', status: batch.status, metadata: batch.metadata },
      created_at: Math.floor(batch.createdAtMs / 1000),
      request_counts: { total: batch.items.length, completed: succeeded, failed },
      ...(hasEnded && batch.lines.ok.length > 0 ? { output_file_id: `${batch.id}-ok` } : {}),
      ...(hasEnded && batch.lines.failed.length > 0 ? { error_file_id: `${batch.id}-failed` } : {}),
      ...(batch.failure === undefined ? {} : { errors: { data: [{ code: 'failed', message: batch.failure }] } }),
    };
  };

  /** Carries a request out. @returns the body, or the text, of the answer */
  const carryOut = async (route: BatchRoute, path: string, body: Buffer): Promise<unknown> => {
    const batch = batches.find(({ id }) => path.includes(id));
    switch (route) {
      case 'upload': {
        const id = `file-${files.size + 1}`;
        files.set(id, fileOf(body.toString('utf8')));
        return { id, object: 'file', purpose: 'batch' };
      }
      case 'create': {
        const given = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
        return shown(create(isAnthropic ? requestsOf(given) : itemsOf(files.get(fileIn(given))!), given.metadata));
      }
      case 'list':
        // Time passes for all of them.
        for (const one of batches) await age(one);
        return { object: 'list', data: batches.map(shown).reverse(), has_more: false };
      case 'look': {
        if (!batch) return undefined;
        await age(batch);
        return shown(batch);
      }
      case 'results': {
        if (!batch) return undefined;
        const { ok, failed } = batch.lines;
        if (isAnthropic) return [...ok, ...failed].join('\n');
        return (path.includes('-failed') ? failed : ok).join('\n');
      }
    }
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const path = (incoming.url ?? '').split('?')[0]!;
    const route = routeOf(incoming.method ?? '', path);
    if (route === undefined) {
      await passOn(live.url, incoming, response);
      return;
    }
    const body = await readBytes(incoming);
    asked[route] += 1;
    onRequest?.(route, asked[route]);
    const fault = trouble?.(route, asked[route]);
    if (fault && !fault.after) return misbehave(response, fault, errorBody);
    const answer = await carryOut(route, path, body);
    if (fault) return misbehave(response, fault, errorBody);
    if (answer === undefined) sendJson(response, 404, errorBody(404, 'no such batch'));
    else if (typeof answer === 'string') response.writeHead(200, { 'content-type': 'application/jsonl' }).end(answer);
    else sendJson(response, 200, answer);
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => sendJson(response, 500, errorBody(500, String(error))));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: isAnthropic ? url : `${url}/v1`,
    ...{ books, asked, live },
    get sizes() {
      return batches.map(({ items }) => items.length);
    },
    get ended() {
      return batches.filter(({ status }) => !isOpen(status)).length;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await Promise.all([once(server, 'close'), live.close()]);
    },
  };
}

function routeOf(method: string, path: string): BatchRoute | undefined {
  if (method === 'POST' && path === '/v1/files') return 'upload';
  if (/^\/v1\/files\/[^/]+\/content$/.test(path) || path.endsWith('/results')) return 'results';
  if (!/^\/v1\/(?:(?:messages\/)?batches|batch\/jobs)(?:\/|$)/.test(path)) return undefined;
  if (method === 'POST') return 'create';
  return /\/(?:batches|batch\/jobs)$/.test(path) ? 'list' : 'look';
}

function startLive(
  provider: BatchProviderName,
  options: { readonly chat: ChatAnswerer; readonly refuses: readonly string[] },
): Promise<ProviderServer> {
  if (provider === 'anthropic') return startAnthropicServer(options);
  return startOpenAiServer(provider === 'mistral' ? { ...MISTRAL, ...options } : options);
}

function mistralJob(
  batch: Batch,
  { succeeded, failed, hasEnded }: { readonly succeeded: number; readonly failed: number; readonly hasEnded: boolean },
) {
  return {
    ...{
      id: batch.id,
      object: 'batch',
      status: batch.status,
      metadata: batch.metadata,
      endpoint: '/v1/chat/completions',
    },
    created_at: Math.floor(batch.createdAtMs / 1000),
    ...{ total_requests: batch.items.length, completed_requests: succeeded + failed },
    ...{ succeeded_requests: succeeded, failed_requests: failed },
    output_file: hasEnded && batch.lines.ok.length > 0 ? `${batch.id}-ok` : null,
    error_file: hasEnded && batch.lines.failed.length > 0 ? `${batch.id}-failed` : null,
    errors: batch.failure === undefined ? [] : [{ message: batch.failure, count: batch.items.length }],
  };
}

/** The file that a batch is created of: Mistral takes several. */
function fileIn({ input_file_id, input_files }: Record<string, unknown>): string {
  return String(input_file_id ?? (input_files as readonly string[])[0]);
}

/** The part of a form that is the file. */
function fileOf(form: string): string {
  const lines = form.split('\n').filter((line) => line.startsWith('{"custom_id"'));
  return lines.join('\n');
}

function itemsOf(file: string): Item[] {
  return file.split('\n').map((line) => {
    const { custom_id, body } = JSON.parse(line) as { custom_id: string; body: Record<string, unknown> };
    return { customId: custom_id, params: body };
  });
}

function requestsOf({ requests }: Record<string, unknown>): Item[] {
  return (requests as { custom_id: string; params: Record<string, unknown> }[]).map(({ custom_id, params }) => ({
    customId: custom_id,
    params,
  }));
}

interface UsageShapes {
  readonly usage: {
    readonly prompt_tokens?: number;
    readonly completion_tokens?: number;
    readonly prompt_tokens_details?: { readonly cached_tokens?: number };
    readonly input_tokens?: number;
    readonly output_tokens?: number;
    readonly cache_read_input_tokens?: number;
  };
}

function billedFor({ usage }: UsageShapes): NonNullable<BookEntry['billed']> {
  const cached = usage.prompt_tokens_details?.cached_tokens ?? usage.cache_read_input_tokens ?? 0;
  const input = usage.prompt_tokens ?? (usage.input_tokens ?? 0) + cached;
  return { input, cached, output: usage.completion_tokens ?? usage.output_tokens ?? 0 };
}

async function readBytes(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function passOn(url: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await fetch(`${url}${incoming.url}`, {
    method: incoming.method ?? 'POST',
    headers: { 'content-type': 'application/json' },
    ...(incoming.method === 'GET' ? {} : { body: await readAll(incoming) }),
  });
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
}
