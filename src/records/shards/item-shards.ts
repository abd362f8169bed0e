import { deserialize, getHeapStatistics, serialize } from 'node:v8';
import { parseForeignJson } from '../../domain/foreign-json.ts';
import { lazyList } from '../../domain/lazy-list.ts';
import { ShardFile, type StoredBytes } from './shard-file.ts';

/** Items are written and read together in such numbers: few enough that reading one of them does not read many. */
const BLOCK_ITEMS = 16;
/** The part of the heap's limit that items may take before they are written to the disk. */
const KEPT_PART = 1 / 16;
/** The part of that which they take from then on: what is let go of soon costs the least to collect. */
const RECENT_PART = 1 / 32;
/** Bytes of memory that an item takes beyond those on the disk. */
const BYTES_OF_OBJECTS = 500;
/** Blocks are measured one in so many while all of them still fit. */
const MEASURED_BLOCKS = 64;

/** What makes an item small enough to be written, and back. */
export interface ItemCodec<Item, Packed> {
  pack(item: Item): Packed;
  unpack(packed: Packed): Item;
}

export interface ItemShardsOptions {
  /** Where the file with the items is, once they are too many for memory. */
  readonly folder: () => string;
  /** Bytes of memory that items may take before they are written to the disk. Default: a part of the heap's limit. */
  readonly keptBytes?: number;
}

/**
 * Items by position, in bounded memory. A list that fits into memory is never written. Of a longer one all are on the
 * disk, and those that were used last in memory too. The file is without a name, so nothing is left of it when the
 * process ends, however that ends.
 * O(1) reads of the disk for an item that is not in memory.
 */
export class ItemShards<Item, Packed> {
  readonly #codec: ItemCodec<Item, Packed>;
  readonly #file: ShardFile;
  readonly #keptBytes: number;
  /** Where each block is on the disk; undefined for one that changed since, or was not written yet. */
  readonly #stored: (StoredBytes | undefined)[] = [];
  /** By block, those that were used last at the end. */
  readonly #kept = new Map<number, Item[]>();
  #last: { readonly block: number; readonly items: Item[] } | undefined;
  #length = 0;
  #measured = { blocks: 0, bytes: 0 };

  constructor(codec: ItemCodec<Item, Packed>, { folder, keptBytes }: ItemShardsOptions) {
    this.#codec = codec;
    this.#file = new ShardFile(folder);
    this.#keptBytes = keptBytes ?? getHeapStatistics().heap_size_limit * KEPT_PART;
  }

  get length(): number {
    return this.#length;
  }

  /** Whether items had to be written to the disk. */
  get isOnDisk(): boolean {
    return this.#file.bytes > 0;
  }

  /** @throws PoolError where the disk is full */
  push(item: Item): void {
    const block = Math.floor(this.#length / BLOCK_ITEMS);
    if (this.#length % BLOCK_ITEMS === 0) {
      this.#beforeNewBlock(block);
      this.#keep(block, []);
      this.#stored.push(undefined);
    }
    this.#blockOf(block).push(item);
    this.#length += 1;
  }

  /** @throws RangeError for a position that is not there; PoolError where the file is damaged */
  at(position: number): Item {
    if (!(position >= 0 && position < this.#length)) throw new RangeError(`There is no item at position ${position}.`);
    return this.#blockOf(Math.floor(position / BLOCK_ITEMS))[position % BLOCK_ITEMS]!;
  }

  replace(position: number, item: Item): void {
    const block = Math.floor(position / BLOCK_ITEMS);
    this.#blockOf(block)[position % BLOCK_ITEMS] = item;
    this.#stored[block] = undefined;
  }

  /** The items so far, read as they are looked at. */
  list(): readonly Item[] {
    return lazyList(this.#length, (position) => this.at(position));
  }

  #blockOf(block: number): Item[] {
    if (this.#last?.block === block) return this.#last.items;
    let items = this.#kept.get(block);
    if (items === undefined) {
      items = this.#read(block);
      this.#makeRoom();
    } else this.#kept.delete(block);
    this.#keep(block, items);
    return items;
  }

  #keep(block: number, items: Item[]): void {
    this.#kept.set(block, items);
    this.#last = { block, items };
  }

  #beforeNewBlock(block: number): void {
    const full = block - 1;
    if (full >= 0 && full % MEASURED_BLOCKS === 0) this.#measure(this.#encode(this.#blockOf(full)).length);
    this.#makeRoom();
  }

  #measure(bytes: number): void {
    const { blocks, bytes: before } = this.#measured;
    this.#measured = { blocks: blocks + 1, bytes: before + bytes + BLOCK_ITEMS * BYTES_OF_OBJECTS };
  }

  /** Lets go of the blocks that were used longest ago. */
  #makeRoom(): void {
    const { blocks, bytes } = this.#measured;
    if (blocks === 0) return;
    const fitting = this.#keptBytes / (bytes / blocks);
    if (!this.isOnDisk && this.#kept.size < fitting) return;
    const most = Math.max(2, fitting * RECENT_PART);
    for (const [block, items] of this.#kept) {
      if (this.#kept.size < most) return;
      if (this.#stored[block] === undefined) {
        const encoded = this.#encode(items);
        this.#measure(encoded.length);
        this.#stored[block] = this.#file.append(encoded);
      }
      this.#kept.delete(block);
      if (this.#last?.block === block) this.#last = undefined;
    }
  }

  #encode(items: readonly Item[]): Buffer {
    try {
      return serialize(items.map((item) => this.#codec.pack(item)));
    } catch {
      // Records of a program may hold functions; what JSON does not know is not written out either.
      return serialize(items.map((item) => this.#codec.pack(asJson(item) as Item)));
    }
  }

  #read(block: number): Item[] {
    const packed = deserialize(this.#file.read(this.#stored[block]!)) as Packed[];
    return packed.map((one) => this.#codec.unpack(one));
  }
}

function asJson(item: unknown): unknown {
  const json = JSON.stringify(item, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return parseForeignJson(json);
}
