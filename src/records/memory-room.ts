import { totalmem } from 'node:os';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What V8 calls it. */
const COLLECTOR = 'expose-gc';

/** The heap of JavaScript objects: beyond its limit Node.js ends the process without a message. */
export interface Heap {
  /** Bytes in use, garbage included. */
  used(): number;
  /** Bytes at most. */
  readonly limit: number;
  /** Frees all garbage, which takes a second or two for some GB. */
  collect(): void;
}

/** The heap of this process. */
export function processHeap(): Heap {
  return {
    used: () => getHeapStatistics().used_heap_size,
    limit: getHeapStatistics().heap_size_limit,
    collect: () => collectGarbage(),
  };
}

/** Node.js hands out its collector only in contexts that are made after the flag is set. */
function collectGarbage(): void {
  setFlagsFromString(`--${COLLECTOR}`);
  (runInNewContext('gc') as () => void)();
}

/** Bytes of memory of this machine. */
export function availableMemory(): number {
  return totalmem();
}

/** "4.1 GB" */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
