import { setImmediate } from 'node:timers/promises';
import { dotProduct } from '../../../math/exact-distance.ts';
import type { Embedder } from '../../../models/embedders/embedder.ts';

/**
 * Most pairs embedded together. MiniLM batches texts of equal length, so batches of 64 run at half the speed of batches
 * of 512. Few enough that an abort takes effect within seconds.
 */
export const PAIRS_PER_BATCH = 512;

interface WaitingPair {
  readonly left: string;
  readonly right: string;
  readonly resolve: (cosine: number) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Compares pairs of texts by the cosine of their embeddings, in [-1, 1]. Pairs requested at the same time are embedded
 * together, up to PAIRS_PER_BATCH, one batch after another. A text shared by several pairs of a batch is embedded once.
 * The embedder guarantees that a text's vector does not depend on the other texts, so batches do not change the result.
 *
 * @returns a function that rejects for every pair of a batch when the embedder rejects it
 */
export function batchedCosine(embedder: Embedder): (left: string, right: string) => Promise<number> {
  const waiting: WaitingPair[] = [];
  let running = false;
  const run = async () => {
    running = true;
    // Lets the other callers of this moment add their pairs.
    await setImmediate();
    while (waiting.length > 0) await compareBatch(embedder, waiting.splice(0, PAIRS_PER_BATCH));
    running = false;
  };
  return (left, right) =>
    new Promise((resolve, reject) => {
      waiting.push({ left, right, resolve, reject });
      if (!running) void run();
    });
}

/** Settles every pair of the batch. */
async function compareBatch(embedder: Embedder, batch: readonly WaitingPair[]): Promise<void> {
  try {
    const texts = [...new Set(batch.flatMap(({ left, right }) => [left, right]))];
    const rows = new Map(texts.map((text, row) => [text, row]));
    const vectors = await embedder.embed(texts);
    for (const { left, right, resolve } of batch) {
      resolve(dotProduct(vectors, rows.get(left)!, vectors, rows.get(right)!));
    }
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
