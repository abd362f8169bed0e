import { describe, expect, it } from 'vitest';
import { PoolError } from '../../src/domain/errors.ts';
import { HeapWatch } from '../../src/records/heap-watch.ts';
import type { Heap } from '../../src/records/memory-room.ts';
import { processHeap } from '../../src/records/memory-room.ts';
import { readPool } from '../../src/records/read-pool.ts';

/** A heap that grows by so much at each look, a part of it for good. */
function growingHeap(limit: number, perLook: number, kept: number): Heap & { readonly collections: number } {
  let live = 0;
  let garbage = 0;
  let collections = 0;
  return {
    limit,
    get collections() {
      return collections;
    },
    used: () => {
      live += perLook * kept;
      garbage += perLook * (1 - kept);
      return live + garbage;
    },
    collect: () => {
      collections += 1;
      garbage = 0;
    },
  };
}

describe('HeapWatch', () => {
  it('stops before the limit, naming records, memory and what to do', () => {
    const heap = growingHeap(4e9, 1e7, 1);
    const watch = new HeapWatch(heap);
    let records = 0;
    const read = () => {
      for (; records < 1e6; records += 100) watch.check(records);
    };
    expect(read).toThrow(PoolError);
    expect(read).toThrow(/records take 3\.2 GB of 4\.0 GB/);
    expect(records).toBeLessThan(40_000);
  });

  it('lets garbage pass, and does not collect it at every step', () => {
    const heap = growingHeap(1e9, 1e6, 0.1);
    const watch = new HeapWatch(heap);
    for (let check = 0; check < 2_000; check += 1) watch.check(check);
    expect(heap.collections).toBeGreaterThan(0);
    expect(heap.collections).toBeLessThan(20);
  });

  it('asks the real heap, and can collect its garbage', () => {
    const heap = processHeap();
    let garbage: number[][] | undefined = Array.from({ length: 2_000 }, () => new Array(1_000).fill(0.5));
    const before = heap.used();
    expect(garbage.length).toBe(2_000);
    garbage = undefined;
    heap.collect();
    expect(heap.used()).toBeLessThan(before - 1e7);
    expect(heap.limit).toBeGreaterThan(heap.used());
  });
});

it('readPool stops reading a pool that does not fit', async () => {
  const heap: Heap = { limit: 1e9, used: () => 0.9e9, collect: () => {} };
  const records = Array.from({ length: 300 }, (_, i) => ({ instruction: `Name ${i} rivers.` }));
  await expect(readPool([records], { heap })).rejects.toThrow(
    /^The pool is too large for the memory of this process: 100 /,
  );
  await expect(readPool([records], { heap: { ...heap, used: () => 0.7e9 } })).resolves.toBeDefined();
});
