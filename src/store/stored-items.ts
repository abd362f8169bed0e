import { getHeapStatistics } from 'node:v8';
import type { Instruction } from '../domain/instruction.ts';
import { lazyList } from '../domain/lazy-list.ts';

/** Rows that are read together. */
const BLOCK_ROWS = 16;
/** The part of the heap's limit that items in memory may take. */
const KEPT_PART = 1 / 16;
/** The part of that which they take where not all fit: what is let go of soon costs the least to collect. */
const RECENT_PART = 1 / 32;
/** Bytes of memory that an item takes beside its texts. */
const BYTES_OF_OBJECTS = 500;

/** An item as it was read, with the characters of its texts. */
export interface ReadItem {
  readonly item: Instruction;
  readonly characters: number;
}

/**
 * The first items of a store as a list that reads them when they are looked at. Those that were used last stay in memory.
 * @param read items `first` … `first + rows − 1`
 * @param keptBytes of items in memory; for tests
 */
export function storedItems(
  length: number,
  read: (first: number, rows: number) => readonly ReadItem[],
  keptBytes = getHeapStatistics().heap_size_limit * KEPT_PART,
): readonly Instruction[] {
  /** By block, those that were used last at the end. */
  const kept = new Map<number, { readonly items: readonly Instruction[]; readonly bytes: number }>();
  let bytes = 0;
  let most = keptBytes;
  let last: { readonly block: number; readonly items: readonly Instruction[] } | undefined;

  const readBlock = (block: number) => {
    const first = block * BLOCK_ROWS;
    const rows = read(first, Math.min(BLOCK_ROWS, length - first));
    const added = rows.reduce((sum, { characters }) => sum + characters + BYTES_OF_OBJECTS, 0);
    bytes += added;
    if (bytes > most) most = RECENT_PART * keptBytes;
    for (const [old, { bytes: freed }] of kept) {
      if (bytes <= most) break;
      kept.delete(old);
      bytes -= freed;
    }
    return { items: rows.map(({ item }) => item), bytes: added };
  };

  return lazyList(length, (position) => {
    const block = Math.floor(position / BLOCK_ROWS);
    if (last?.block !== block) {
      const found = kept.get(block) ?? readBlock(block);
      kept.delete(block);
      kept.set(block, found);
      last = { block, items: found.items };
    }
    return last!.items[position % BLOCK_ROWS]!;
  });
}
