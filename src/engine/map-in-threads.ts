import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ThreadError } from '../domain/errors.ts';
import type { RowRange } from './shards.ts';

export interface ThreadOptions {
  /** ≥ 1; absent: one for each core. The results do not depend on it. */
  readonly threads?: number;
  /** Ends the threads at once, in the middle of their work. */
  readonly signal?: AbortSignal;
  /** Called after every shard with how many are done. */
  readonly onShard?: (done: number) => void;
}

/**
 * The map step of a long computation, as `ShardExecutor` has it, on threads: those run a module, for a function
 * cannot be sent to them. The module finds `data` in its `workerData` and answers every message, a shard, with one
 * message, the result. Memory that is not shared is copied to each thread.
 * @param module see `threadModule`
 * @returns one result per shard, in the order of the shards, whichever thread did it
 * @throws ThreadError when a thread fails or ends: its work is not done by another
 */
export async function mapInThreads<Result>(
  module: URL,
  data: unknown,
  shards: readonly RowRange[],
  { threads = availableParallelism(), signal, onShard }: ThreadOptions = {},
): Promise<Result[]> {
  signal?.throwIfAborted();
  const results = new Array<Result>(shards.length);
  const workers: Worker[] = [];
  let given = 0;
  let done = 0;
  let onAbort: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      if (shards.length === 0) resolve();
      while (workers.length < Math.min(threads, shards.length)) {
        const worker = startWorker(module, data);
        workers.push(worker);
        let shard = given;
        worker.on('message', (result: Result) => {
          results[shard] = result;
          done += 1;
          try {
            onShard?.(done);
          } catch (error) {
            reject(error);
          }
          shard = given;
          given += 1;
          if (shard < shards.length) worker.postMessage(shards[shard]);
          if (done === shards.length) resolve();
        });
        worker.on('error', (error) => reject(new ThreadError(`A worker thread failed: ${messageOf(error)}`, error)));
        worker.on('exit', () => reject(new ThreadError(`A worker thread ended before its work was done.`)));
        worker.postMessage(shards[shard]);
        given += 1;
      }
    });
    return results;
  } finally {
    if (onAbort) signal?.removeEventListener('abort', onAbort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/**
 * The URL of a module for threads.
 * @param importer `import.meta.url` of a module in the same folder: as that is a .ts or a .js file, so is this one
 * @param name its file name without extension
 */
export function threadModule(importer: string, name: string): URL {
  return new URL(`./${name}${isTypeScript(new URL(importer)) ? '.ts' : '.js'}`, importer);
}

function startWorker(module: URL, workerData: unknown): Worker {
  if (!isTypeScript(module)) return new Worker(module, { workerData });
  // Run from its sources, as in tests: a thread does not inherit what translates them here.
  const source = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(module.href)})));`;
  return new Worker(source, { eval: true, workerData });
}

function isTypeScript({ pathname }: URL): boolean {
  return pathname.endsWith('.ts');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
