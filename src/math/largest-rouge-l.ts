import { setImmediate } from 'node:timers/promises';
import type { OnProgress } from '../domain/progress.ts';
import { mapInThreads, threadModule } from '../engine/map-in-threads.ts';
import { cutRows } from '../engine/shards.ts';
import { RougeLNeighbours } from './rouge-l-neighbours.ts';
import type { TokenLists } from './token-lists.ts';

/** Texts between two looks at the signal: 30 ms of work where they have 170 words, seconds where they have thousands. */
const ROWS_PER_SHARD = 64;
/** Words × others from which threads are worth starting: half a second of work. */
const THREADED_WORK = 2 ** 28;

export interface LargestRougeLOptions {
  /** 0: none but this one; absent: as many as there are cores, none where little is to do. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * The largest ROUGE-L F1 of every text with others of a sample, the same for all: low means that nothing in the
 * sample reads like it. A text in the sample is not compared with itself; one outside is not compared with the last
 * of the sample instead, so that a sample of m + 1 gives every text m others. Where there are none it is 0.
 *
 * Exact: only comparisons whose bound shows that they cannot matter are left out (`RougeLNeighbours`). The result
 * does not depend on the number of threads. On instructions of T0 (170 words on average) 65 of 1,000 others are
 * compared, and it takes 2.4 ns of one core for every word and other; but it grows with the square of the length:
 * 7 ms a text of 1,000 words with 1,000 others, 0.4 s a text of 4,000.
 * @param others positions of texts, all different
 * @returns parallel to the texts, 0–1
 */
export async function largestRougeL(
  texts: TokenLists,
  others: Int32Array,
  options: LargestRougeLOptions = {},
): Promise<Float64Array> {
  const { signal, onProgress } = options;
  const rows = texts.starts.length - 1;
  const threads = options.threads ?? (texts.ids.length * others.length < THREADED_WORK ? 0 : undefined);
  const shards = cutRows(rows, ROWS_PER_SHARD);
  const onShard = (done: number) => {
    onProgress?.({ phase: 'compare', done: Math.min(rows, done * ROWS_PER_SHARD), total: rows });
  };
  const largest = new Float64Array(rows);
  if (threads === 0) {
    const neighbours = new RougeLNeighbours(texts, others);
    for (const [index, shard] of shards.entries()) {
      await setImmediate();
      signal?.throwIfAborted();
      largest.set(neighbours.largestOf(shard), shard.start);
      onShard(index + 1);
    }
    return largest;
  }
  const module = threadModule(import.meta.url, 'largest-rouge-l-thread');
  const results = await mapInThreads<Float64Array>(module, { texts, others }, shards, { threads, signal, onShard });
  for (const [index, { start }] of shards.entries()) largest.set(results[index]!, start);
  return largest;
}
