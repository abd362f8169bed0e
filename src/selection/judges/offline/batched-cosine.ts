import { setImmediate } from 'node:timers/promises';
import { dotProduct } from '../../../math/exact-distance.ts';
import type { Embedder } from '../../../models/embedders/embedder.ts';

/**
 * Most pairs embedded together. MiniLM batches texts of equal length: with 64 it does half as many a second as with
 * 512. Few enough that an abort is heeded within seconds.
 */
export const PAIRS_PER_BATCH = 512;

interface WaitingPair {
  readonly left: string;
  readonly right: string;
  readonly resolve: (cosine: number) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Compares pairs of texts by the cosine of their embeddings, in [-1, 1]. Pairs that are asked for at the same time are
 * embedded together, up to PAIRS_PER_BATCH and one batch after the other; a text that several of them share is embedded once. The
 * embedder's promise that a text's vector does not depend on its company makes the answer independent of the batches.
 *
 * @returns rejects, with every pair of its batch, as the embedder does
 */
export function batchedCosine(embedder: Embedder): (left: string, right: string) => Promise<number> {
  const waiting: WaitingPair[] = [];
  let running = false;
  const run = async () => {
    running = true;
    // Callers of the same moment still have to queue up.
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
