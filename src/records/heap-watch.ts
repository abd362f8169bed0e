import { PoolError } from '../domain/errors.ts';
import { availableMemory, gigabytes, type Heap, processHeap } from './memory-room.ts';

/** Share of the heap that records may take: the rest is for working with them. */
const MOST_USED = 0.8;
/** Share of the machine's memory that a larger heap may take; vectors and other programs need the rest. */
const MOST_OF_MACHINE = 0.6;

/** Ends the reading of a pool that does not fit into memory with a message, before Node.js ends the process without one. */
export class HeapWatch {
  readonly #heap: Heap;
  /** Where memory is looked at closely next: collecting garbage takes time. */
  #nextCollection: number;

  constructor(heap: Heap = processHeap()) {
    this.#heap = heap;
    this.#nextCollection = MOST_USED * heap.limit;
  }

  /**
   * Called every few thousand records.
   * @throws PoolError when what was read leaves too little memory
   */
  check(records: number): void {
    if (this.#heap.used() < this.#nextCollection) return;
    this.#heap.collect();
    const used = this.#heap.used();
    const most = MOST_USED * this.#heap.limit;
    if (used >= most) throw tooLarge(records, used, this.#heap.limit);
    // Half of what is left is gone before it is worth looking again.
    this.#nextCollection = most + (most - used) / 2;
  }
}

function tooLarge(records: number, used: number, limit: number): PoolError {
  const larger = Math.floor((MOST_OF_MACHINE * availableMemory()) / 2 ** 20);
  const raise =
    larger * 2 ** 20 > 1.2 * limit
      ? `Give Node.js more: set NODE_OPTIONS=--max-old-space-size=${larger}. Or read fewer records`
      : 'Read fewer records at a time, or use a machine with more memory';
  return new PoolError(
    `The pool is too large for the memory of this process: ${records.toLocaleString('en-US')} records take ${gigabytes(used)} of ${gigabytes(limit)}, and there are more.`,
    { hint: `${raise}.`, data: { limit } },
  );
}
