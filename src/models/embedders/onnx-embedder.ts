import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import type { InferenceSession } from 'onnxruntime-common';
import { EmbeddingError } from '../../domain/errors.ts';
import { cutRows } from '../../engine/shards.ts';
import { type EmbeddingMatrix, embeddingMatrix, rowsIn } from '../../math/embedding-matrix.ts';
import { loadOnnxRuntime, type OnnxRuntime } from '../../math/onnx-runtime.ts';
import type { Embedder } from './embedder.ts';
import { equalLengthBatches } from './equal-length-batches.ts';
import { localRuntimeMissing } from './local-runtime-missing.ts';
import { parseSafetensors, type SafeTensor } from './safetensors.ts';
import { type Pooling, type SentenceTransformer, sentenceTransformerHash } from './sentence-transformer.ts';
import { unitRows } from './unit-rows.ts';

/** Texts handed out together by `onVectors`. */
const TEXTS_PER_PART = 256;
const TOKENS_PER_BATCH = 1_024;
/** No tokenizer in use gives fewer tokens a character than this. */
const CHARACTERS_PER_TOKEN = 32;

/** One text's token vectors as they come, to its own vector. */
type Finish = (pooled: Float64Array) => ArrayLike<number>;

interface LoadedModel {
  readonly runtime: OnnxRuntime;
  readonly session: InferenceSession;
  readonly tokenize: (text: string) => number[];
  readonly finish: Finish;
}

/**
 * Embeds on this machine with a sentence-transformers model that was exported to ONNX. Texts of equally many tokens share
 * a batch, so none is padded. Vectors may differ in the last bits with other texts beside them, as the model's export has
 * it. Longer texts are cut. Cost: O(tokens) of the model; its weights in memory.
 */
export function onnxEmbedder(model: SentenceTransformer): Embedder {
  let loading: Promise<LoadedModel> | undefined;
  return {
    space: `onnx/${sentenceTransformerHash(model)}`,
    metered: false,
    async embed(texts, { signal, onProgress, onVectors } = {}) {
      const parts: EmbeddingMatrix[] = [];
      let done = 0;
      for (const { start, rows } of cutRows(texts.length, TEXTS_PER_PART)) {
        signal?.throwIfAborted();
        loading ??= loadModel(model);
        const part = await embedPart(await loading, model, texts.slice(start, start + rows), signal, (count) => {
          done += count;
          onProgress?.({ phase: 'embed', done, total: texts.length });
        });
        onVectors?.(start, part);
        parts.push(part);
      }
      const columns = parts[0]?.columns ?? 0;
      const all = embeddingMatrix(new Float32Array(texts.length * columns), texts.length, columns);
      let start = 0;
      for (const part of parts) {
        rowsIn(all, { start, rows: part.rows }).data.set(part.data);
        start += part.rows;
      }
      return all;
    },
  };
}

async function embedPart(
  loaded: LoadedModel,
  { pooling }: SentenceTransformer,
  texts: readonly string[],
  signal: AbortSignal | undefined,
  onBatch: (count: number) => void,
): Promise<EmbeddingMatrix> {
  const tokens = texts.map(loaded.tokenize);
  const vectors: ArrayLike<number>[] = new Array(texts.length);
  const lengths = tokens.map((ids) => ids.length);
  for (const batch of equalLengthBatches(lengths, TOKENS_PER_BATCH)) {
    await setImmediate();
    signal?.throwIfAborted();
    const found = await run(
      loaded,
      batch.map((position) => tokens[position]!),
      pooling,
    );
    for (const [row, position] of batch.entries()) vectors[position] = found[row]!;
    onBatch(batch.length);
  }
  return unitRows(vectors.map((vector) => Array.from(vector)));
}

/** Vectors of texts that have equally many tokens. */
async function run(
  { runtime, session, finish }: LoadedModel,
  tokens: readonly (readonly number[])[],
  pooling: Pooling,
): Promise<ArrayLike<number>[]> {
  const [texts, length] = [tokens.length, tokens[0]!.length];
  const filled = (value: (text: number, token: number) => number) =>
    new runtime.Tensor(
      'int64',
      BigInt64Array.from({ length: texts * length }, (_, at) => BigInt(value(Math.floor(at / length), at % length))),
      [texts, length],
    );
  const known: Readonly<Record<string, () => InferenceSession.OnnxValueMapType[string]>> = {
    input_ids: () => filled((text, token) => tokens[text]![token]!),
    attention_mask: () => filled(() => 1),
    token_type_ids: () => filled(() => 0),
    position_ids: () => filled((_, token) => token),
  };
  const inputs = Object.fromEntries(
    session.inputNames.map((name) => {
      const make = known[name];
      if (make === undefined) throw new EmbeddingError(`The model needs an input "${name}", which is not supported.`);
      return [name, make()];
    }),
  );
  const outputs = await session.run(inputs);
  const name = session.outputNames.includes('sentence_embedding')
    ? 'sentence_embedding'
    : (session.outputNames.find((one) => outputs[one]!.dims.length === 3) ?? session.outputNames[0]!);
  const { data, dims } = outputs[name]!;
  const columns = dims.at(-1)!;
  const values = data as Float32Array;
  // Already the vectors of texts.
  if (dims.length === 2) return tokens.map((_, text) => values.subarray(text * columns, (text + 1) * columns));
  return tokens.map((_, text) =>
    finish(pool(values.subarray(text * length * columns, (text + 1) * length * columns), columns, pooling)),
  );
}

/** @param values `tokens × columns` */
function pool(values: Float32Array, columns: number, pooling: Pooling): Float64Array {
  const tokens = values.length / columns;
  if (pooling === 'cls') return Float64Array.from(values.subarray(0, columns));
  if (pooling === 'last') return Float64Array.from(values.subarray((tokens - 1) * columns));
  const pooled = new Float64Array(columns).fill(pooling === 'max' ? Number.NEGATIVE_INFINITY : 0);
  for (const [at, value] of values.entries()) {
    const column = at % columns;
    if (pooling === 'max') pooled[column] = Math.max(pooled[column]!, value);
    else pooled[column]! += value / tokens;
  }
  return pooled;
}

async function loadModel(model: SentenceTransformer): Promise<LoadedModel> {
  const runtime = await loadOnnxRuntime();
  if (runtime === undefined) throw localRuntimeMissing();
  const tokenizer = new Tokenizer({ ...model.tokenizer, padding: null, truncation: null }, {});
  const closing = tokenizer.encode('').ids.at(-1);
  const tokenize = (text: string) => {
    const { ids } = tokenizer.encode(
      model.prefix + text.toWellFormed().slice(0, model.maxTokens * CHARACTERS_PER_TOKEN),
    );
    if (ids.length <= model.maxTokens) return ids;
    // The token that closes every text stays.
    return closing === undefined ? ids.slice(0, model.maxTokens) : [...ids.slice(0, model.maxTokens - 1), closing];
  };
  // By its path, since large models have their weights in a file beside it.
  const session = await runtime.InferenceSession.create(model.modelPath, {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    throw new EmbeddingError(`${model.modelPath} cannot be loaded: ${(cause as Error).message}`, {
      hint: 'Export the model again, or download it again.',
      cause,
    });
  });
  return { runtime, session, tokenize, finish: denseLayer(model) };
}

/** The layer after pooling; none passes the vector on. Source: sentence-transformers, models/Dense.py (y = f(Wx + b)). */
function denseLayer({ dense, folder }: SentenceTransformer): Finish {
  if (dense === undefined) return (pooled) => pooled;
  const tensors = parseSafetensors(readFileSync(dense.weightsPath));
  const weight = tensors.get('linear.weight');
  const bias = tensors.get('linear.bias');
  if (weight?.type !== 'F32' || (bias !== undefined && bias.type !== 'F32')) {
    throw new EmbeddingError(`${folder}: ${dense.weightsPath} has no float32 tensor linear.weight.`);
  }
  const [weights, biases] = [floatsOf(weight), bias && floatsOf(bias)];
  const [rows, columns] = weight.shape as [number, number];
  return (pooled) =>
    Float64Array.from({ length: rows }, (_, row) => {
      let sum = biases?.[row] ?? 0;
      for (let column = 0; column < columns; column += 1) sum += weights[row * columns + column]! * pooled[column]!;
      return dense.activation === 'tanh' ? Math.tanh(sum) : sum;
    });
}

function floatsOf({ bytes }: SafeTensor): Float32Array {
  // A copy, because a tensor may begin anywhere in its file and a Float32Array may not.
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
