import { TrainingError } from '../domain/errors.ts';
import { embeddingText } from '../domain/instruction.ts';
import type { LabeledExample } from '../domain/label.ts';
import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import type { Embedder } from '../models/embedders/embedder.ts';
import { rejectOnAbort } from '../models/metering/abort-signals.ts';
import type { SeedModel } from './seed-model.ts';
import type { Trainer } from './trainer.ts';

export interface NearestNeighbourOptions {
  /** As the trainer named it. */
  readonly name: string;
  /** At least one. */
  readonly examples: readonly LabeledExample[];
  /** Behind a cache: the pool's texts are embedded already. */
  readonly embedder: Embedder;
  readonly kernel: MatrixKernel;
}

/** Asked at once and answered at once; beyond this, larger products are no faster. */
const CONCURRENCY = 1_024;

/** Trains nothing: the examples are the model. Instant and free. */
export const nearestNeighbourTrainer: Trainer = {
  name: 'nearest-neighbour',
  worstCaseMicroUsd: () => 0,
  async train({ round, examples }, _memory, { signal } = {}) {
    signal?.throwIfAborted();
    if (examples.length === 0) {
      throw new TrainingError('There is no labeled example to answer with.', { hint: 'Import labels first.' });
    }
    const details = { examples: examples.length };
    return { name: `nearest-neighbour-r${round}`, baseUrl: null, costMicroUsd: 0, details };
  },
};

/**
 * Answers with the response of the labeled instruction nearest to the one asked about (cosine; ties →
 * the first example). A weak model but a real one: it does well where labels are close by.
 *
 * Questions asked in one turn of the event loop are embedded and compared together, so asking for
 * thousands one by one, concurrently, is one matrix product. Embedding is metered by the embedder, if at all.
 * Cost: O(n·m·d) for n questions and m examples; the examples are embedded with the first question.
 */
export function nearestNeighbourModel({ name, examples, embedder, kernel }: NearestNeighbourOptions): SeedModel {
  const neighbours = firstOfEachText(examples);
  let embedded: Promise<EmbeddingMatrix> | undefined;
  /** Of this turn, by the signal they are asked with. */
  const batches = new Map<AbortSignal | undefined, Batch>();

  /** Once for all questions, but again after a failure. No question's signal ends it, since others wait for it too. */
  const neighbourVectors = () => {
    embedded ??= embedder.embed([...neighbours.keys()]).catch((error: unknown) => {
      embedded = undefined;
      throw error;
    });
    return embedded;
  };

  const answerAll = async (texts: readonly string[], signal: AbortSignal | undefined): Promise<readonly string[]> => {
    const [vectors, asked] = await Promise.all([neighbourVectors(), embedder.embed(texts, signal ? { signal } : {})]);
    return nearestResponses(asked, vectors, [...neighbours.values()], kernel);
  };

  const batchFor = (signal: AbortSignal | undefined): Batch => {
    const open = batches.get(signal);
    if (open && open.texts.length < CONCURRENCY) return open;
    const texts: string[] = [];
    const answers = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      if (batches.get(signal) === batch) batches.delete(signal);
      return answerAll(texts, signal);
    });
    const batch = { texts, answers: rejectOnAbort(answers, signal) };
    batches.set(signal, batch);
    return batch;
  };

  return {
    name,
    concurrency: CONCURRENCY,
    async answer(item, { signal }) {
      signal?.throwIfAborted();
      const batch = batchFor(signal);
      const position = batch.texts.push(embeddingText(item)) - 1;
      const answers = await batch.answers;
      return { text: answers[position]!, model: name, costMicroUsd: 0 };
    },
    estimate: () => ({ expected: 0, worstCase: 0 }),
  };
}

/**
 * Answers with the response of the nearest neighbour (ties → the first).
 * @param asked `n × d` @param neighbours `m × d`, of distinct texts @param responses parallel to the neighbours
 */
export async function nearestResponses(
  asked: EmbeddingMatrix,
  neighbours: EmbeddingMatrix,
  responses: readonly string[],
  kernel: MatrixKernel,
): Promise<string[]> {
  const { center } = await kernel.nearest(asked, neighbours);
  return Array.from(center, (position) => responses[position]!);
}

interface Batch {
  readonly texts: string[];
  readonly answers: Promise<readonly string[]>;
}

/** Responses by text. Equal vectors may differ in the last bit of a product, so equal texts are not left to the kernel. */
function firstOfEachText(examples: readonly LabeledExample[]): ReadonlyMap<string, string> {
  const responses = new Map<string, string>();
  for (const example of examples) {
    const text = embeddingText(example);
    if (!responses.has(text)) responses.set(text, example.response);
  }
  return responses;
}
