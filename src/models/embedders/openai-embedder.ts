import { createHash } from 'node:crypto';
import { z } from 'zod';
import { EmbeddingError } from '../../domain/errors.ts';
import type { PlannedCall } from '../../domain/ledger.ts';
import { costMicroUsd, type ModelPrice, type TokenUsage } from '../../domain/usage.ts';
import { type EmbeddingMatrix, embeddingMatrix } from '../../math/embedding-matrix.ts';
import { anySignal } from '../metering/abort-signals.ts';
import type { MeteredCaller } from '../metering/metered-caller.ts';
import { findModel } from '../metering/prices.ts';
import { statedLimits } from '../metering/rate-limit-headers.ts';
import { sendRequest, unreadableReply } from '../metering/request-failure.ts';
import { settledUsage } from '../metering/settled-usage.ts';
import { cutToTokens } from '../metering/token-count.ts';
import { type OpenAiApi, openOpenAiApi } from '../providers/openai-api.ts';
import { openAiUsage } from '../providers/openai-usage.ts';
import type { ClientSettings } from '../providers/provider-definition.ts';
import type { Service } from '../providers/request-target.ts';
import type { Embedder } from './embedder.ts';
import { EMBEDDING_ENCODING as ENCODING, embedFitting, type LongTexts, type ServerLimits } from './fitting-batches.ts';
import { embeddingTokens, textBatches } from './text-batches.ts';
import { unitRows } from './unit-rows.ts';

export interface OpenAiEmbedderOptions extends ClientSettings {
  readonly model: string;
  readonly caller: MeteredCaller;
  readonly price: ModelPrice;
  /** Shortens the vectors, for models that can. */
  readonly dimensions?: number | undefined;
  /** The longest text, in tokens as we count, unless the server takes less. */
  readonly maxInputTokens?: number | undefined;
  /** What becomes of longer texts. Default: `cut`. */
  readonly longTexts?: LongTexts | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
  /** Ends requests under way. The signal given to `embed` only keeps new ones from being started. */
  readonly abandon?: AbortSignal | undefined;
}

const CHECK_SERVER = 'Check the embedding model on the server, then run the same command again.';
/** What OpenAI's embedding models take. */
const MAX_INPUT_TOKENS = 8_191;

const replySchema = z.object({
  data: z.array(z.object({ index: z.int().nonnegative().optional(), embedding: z.array(z.number().nullable()) })),
  usage: z.unknown().optional(),
});

/**
 * Embeds through OpenAI, or any server with its /embeddings endpoint, in concurrent batches of at most
 * 256 texts and 100,000 tokens. Every batch is a paid call: reserved, sent, checked, handed to
 * `onVectors`, and only then settled. A crash in between leaves vectors that are stored and a reservation
 * that stays counted, never a paid vector that is gone.
 *
 * What the server takes, texts in a request and tokens in a text, is found by halving where it refuses a request as too
 * large, and remembered. No text is too long: its beginning is embedded, and a note says of how many, or the mean of its
 * parts. A text that the server's content filter refuses has a row of zeros, and a note says how many there are.
 *
 * When a batch fails, those that wait are dropped, those under way end, and the first failure is thrown.
 * A reply of the wrong shape is an EmbeddingError and its reservation stays counted.
 * Cost: one call per batch; memory n × d floats.
 * @throws UsageError without a key for OpenAI, or without a base URL for a compatible server
 */
export function openAiEmbedder(service: Service, options: OpenAiEmbedderOptions): Embedder {
  const api = openOpenAiApi(service, options);
  const { longTexts = 'cut' } = options;
  const space = `${vectorSpace(api, options.dimensions)}${longTexts === 'average' ? ', long texts averaged' : ''}`;
  const served = { provider: service.name, endpoint: api.target.baseUrl, model: options.model };
  const known = options.servers?.recall(served).embedding;
  const most = options.maxInputTokens ?? MAX_INPUT_TOKENS;
  const limits: ServerLimits = {
    mostTexts: known?.mostTexts ?? Number.POSITIVE_INFINITY,
    mostTokens: Math.min(most, known?.mostTokens ?? most),
  };
  const keepLimits = (before: ServerLimits) => {
    if (limits.mostTexts === before.mostTexts && limits.mostTokens === before.mostTokens) return;
    const mostTexts = Number.isFinite(limits.mostTexts) ? limits.mostTexts : null;
    options.servers?.keep(served, { embedding: { mostTexts, mostTokens: limits.mostTokens } });
  };
  let columns = options.dimensions ?? findModel(service.name, options.model)?.dimensions;
  /** Vectors that do not belong together must not reach a cache. */
  const checkColumns = (vectors: EmbeddingMatrix) => {
    if (vectors.columns === 0) throw new EmbeddingError('The server sent empty vectors.', { hint: CHECK_SERVER });
    columns ??= vectors.columns;
    if (vectors.columns === columns) return;
    throw new EmbeddingError(`The server sent vectors of ${vectors.columns} dimensions instead of ${columns}.`, {
      hint: 'Not every model can shorten its vectors, and one address may serve several models.',
    });
  };
  return {
    space,
    metered: true,
    async embed(texts, { signal, onProgress, onVectors } = {}) {
      const before = { ...limits };
      const wellFormed = texts.map(sendableText);
      const sendable =
        longTexts === 'cut' ? wellFormed.map((text) => cutToTokens(text, limits.mostTokens, ENCODING)) : wellFormed;
      let cut = sendable.filter((text, row) => text.length < wellFormed[row]!.length).length;
      let refused = 0;
      const failure = new AbortController();
      const stop = anySignal(signal, failure.signal);
      const parts: { first: number; vectors: EmbeddingMatrix }[] = [];
      let done = 0;
      const runs = textBatches(sendable, embeddingTokens(api.target.provider, options.model)).map(async (batch) => {
        const store = (first: number, rows: EmbeddingMatrix) => {
          checkColumns(rows);
          onVectors?.(first, rows);
        };
        const vectors = await embedFitting(batch.texts, batch.first, {
          limits,
          longTexts,
          store,
          onCut: () => {
            cut += 1;
          },
          onRefused: (first) => {
            refused += 1;
            onVectors?.(first, embeddingMatrix(new Float32Array(columns ?? 0), 1, columns ?? 0));
          },
          send: (sent, first, toRows) =>
            sendTexts(sent, first, toRows, { api, space, options, stop, store, total: texts.length }),
        });
        parts.push({ first: batch.first, vectors });
        done += batch.texts.length;
        onProgress?.({ phase: 'embed', done, total: texts.length });
      });
      // The first failure becomes the reason why the others stop, and so the error of all of them.
      await Promise.all(runs.map((run) => run.catch((error: unknown) => failure.abort(error))));
      failure.signal.throwIfAborted();
      keepLimits(before);
      if (cut > 0) options.onNote?.(cutNote(cut, limits.mostTokens));
      if (refused > 0) options.onNote?.(refusedNote(refused));
      return joinParts(parts, texts.length, columns ?? 0);
    },
  };
}

interface BatchContext {
  readonly api: OpenAiApi;
  readonly space: string;
  readonly options: OpenAiEmbedderOptions;
  readonly stop: AbortSignal | undefined;
  readonly store: (first: number, vectors: EmbeddingMatrix) => void;
  /** Texts in all. */
  readonly total: number;
}

/** One paid request. @param toRows see `BatchSender` */
function sendTexts(
  texts: readonly string[],
  first: number,
  toRows: ((vectors: EmbeddingMatrix) => EmbeddingMatrix) | undefined,
  { api: { sdk, target }, space, options, stop, store, total }: BatchContext,
): Promise<EmbeddingMatrix> {
  const { model, dimensions, price, caller, abandon } = options;
  const { provider } = target;
  const { count, most } = embeddingTokens(provider, model);
  const sumOf = (tokensOf: (text: string) => number) => texts.reduce((sum, text) => sum + tokensOf(text), 0);
  const worstCase = onlyInput(sumOf(most));
  const counted = onlyInput(sumOf(count));
  const planned: PlannedCall = {
    kind: 'embed',
    subject: `texts ${first + 1} to ${first + texts.length} of ${total}`,
    requestHash: createHash('sha256')
      .update(JSON.stringify([space, texts]))
      .digest('hex'),
    provider,
    model,
    worstCaseTokens: worstCase.inputTokens,
    worstCaseMicroUsd: costMicroUsd(worstCase, price),
  };
  const attempt = async (abandonSignal: AbortSignal | undefined) => {
    const { data, response } = await sendRequest(target, abandonSignal, (requestSignal) =>
      sdk.embeddings
        .create(
          {
            model,
            input: [...texts],
            encoding_format: 'float',
            ...(dimensions === undefined ? {} : { dimensions }),
          },
          { signal: requestSignal },
        )
        .withResponse(),
    );
    const reply = replySchema.safeParse(data);
    if (!reply.success) throw unreadableReply(target, data);
    const vectors = unitRows(rowsInOrder(reply.data.data, texts.length));
    const { inputTokens } = openAiUsage(reply.data.usage);
    const settled = settledUsage({ inputTokens, outputTokens: 0 }, { counted, unsaid: worstCase });
    const cost = costMicroUsd(settled.usage, price);
    const paid = { text: '', model, ...settled, stop: 'complete' as const, costMicroUsd: cost };
    const rows = toRows === undefined ? vectors : toRows(vectors);
    const stored = toRows === undefined ? {} : { store: () => store(first, rows) };
    return { paid, result: rows, limits: statedLimits(response.headers), ...stored };
  };
  return caller.call(planned, attempt, { signal: stop, abandon });
}

/** Two servers may run different weights under one name, so a compatible one's address is part of the space. */
function vectorSpace({ target }: OpenAiApi, dimensions: number | undefined): string {
  const place = target.provider === 'openai' ? 'openai' : `compatible/${target.baseUrl}`;
  return `${place}/${target.model}${dimensions === undefined ? '' : `@${dimensions}`}`;
}

/** Servers refuse an empty text; a space is the least that has a token. */
function sendableText(text: string): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.trim() === '' ? ' ' : wellFormed;
}

function cutNote(cut: number, tokens: number): string {
  const texts = cut === 1 ? '1 text was' : `${cut.toLocaleString('en-US')} texts were`;
  return `${texts} longer than the ${tokens.toLocaleString('en-US')} tokens the embedding model takes, so only their beginning was embedded.`;
}

function refusedNote(refused: number): string {
  const texts = refused === 1 ? '1 text was' : `${refused.toLocaleString('en-US')} texts were`;
  return `${texts} refused by the embedding server's content filter and cannot be picked by vectors.`;
}

/** @throws EmbeddingError unless there is exactly one vector for every text */
function rowsInOrder(
  data: readonly { readonly index?: number | undefined; readonly embedding: readonly (number | null)[] }[],
  count: number,
): (readonly (number | null)[])[] {
  const rows: (readonly (number | null)[])[] = [];
  for (const [position, { index = position, embedding }] of data.entries()) {
    if (index >= count || rows[index]) {
      throw new EmbeddingError(`The server's answer has an unexpected vector, number ${index}, for ${count} texts.`);
    }
    rows[index] = embedding;
  }
  if (data.length !== count) {
    throw new EmbeddingError(`The server sent ${data.length} vectors for ${count} texts.`);
  }
  return rows;
}

function joinParts(
  parts: readonly { readonly first: number; readonly vectors: EmbeddingMatrix }[],
  rows: number,
  columns: number,
): EmbeddingMatrix {
  const data = new Float32Array(rows * columns);
  for (const { first, vectors } of parts) data.set(vectors.data, first * columns);
  return embeddingMatrix(data, rows, columns);
}

function onlyInput(inputTokens: number): TokenUsage {
  return { inputTokens, cachedInputTokens: 0, outputTokens: 0 };
}
