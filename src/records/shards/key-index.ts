import { hash } from 'node:crypto';

const FIRST_CAPACITY = 1_024;

/**
 * Numbers keys of one length by the order in which they came, 0 on: a map from keys to numbers that takes little more
 * memory than the keys. O(1) each, where keys that are longer than 16 bytes are hashes.
 */
export class KeyIndex {
  readonly #width: number;
  #count = 0;
  #keys: Uint8Array;
  /** Open addressing, at most half full; −1 is free. */
  #slots: Int32Array;

  /** @param width bytes of a key */
  constructor(width: number) {
    this.#width = width;
    this.#keys = new Uint8Array(FIRST_CAPACITY * width);
    this.#slots = new Int32Array(2 * FIRST_CAPACITY).fill(-1);
  }

  get size(): number {
    return this.#count;
  }

  /** The number of a key; −1 where it is not there. */
  find(key: Uint8Array): number {
    return this.#slots[this.#slotOf(key, 0)]!;
  }

  /** The number of a key, which is added where it is not there: it is new where the number is what `size` was. */
  numberOf(key: Uint8Array): number {
    const slot = this.#slotOf(key, 0);
    const number = this.#slots[slot]!;
    return number === -1 ? this.#addAt(slot, key) : number;
  }

  /** The key of a number, as a view. */
  keyAt(number: number): Uint8Array {
    return this.#keys.subarray(number * this.#width, (number + 1) * this.#width);
  }

  #addAt(slot: number, key: Uint8Array): number {
    const number = this.#count;
    if ((number + 1) * this.#width > this.#keys.length) this.#growKeys();
    this.#keys.set(key, number * this.#width);
    this.#slots[slot] = number;
    this.#count += 1;
    if (2 * this.#count > this.#slots.length) this.#growSlots();
    return number;
  }

  /** The slot that holds a key, or the free one where it belongs. @param at where the key begins */
  #slotOf(key: Uint8Array, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = scattered(key, at, this.#width) & mask;
    while (this.#slots[slot] !== -1 && !this.#equals(this.#slots[slot]!, key, at)) slot = (slot + 1) & mask;
    return slot;
  }

  #equals(number: number, key: Uint8Array, at: number): boolean {
    const start = number * this.#width;
    for (let byte = 0; byte < this.#width; byte += 1) {
      if (this.#keys[start + byte] !== key[at + byte]) return false;
    }
    return true;
  }

  #growKeys(): void {
    const keys = new Uint8Array(2 * this.#keys.length);
    keys.set(this.#keys);
    this.#keys = keys;
  }

  #growSlots(): void {
    this.#slots = new Int32Array(2 * this.#slots.length).fill(-1);
    for (let number = 0; number < this.#count; number += 1) {
      this.#slots[this.#slotOf(this.#keys, number * this.#width)] = number;
    }
  }
}

/** Longer keys are hashes already. */
const MOST_BYTES_MIXED = 16;

/** FNV-1a. Source: Fowler, Noll and Vo, RFC 9923. */
function scattered(key: Uint8Array, at: number, width: number): number {
  let mixed = 0x811c9dc5;
  const end = at + Math.min(width, MOST_BYTES_MIXED);
  for (let byte = at; byte < end; byte += 1) mixed = Math.imul(mixed ^ key[byte]!, 0x01000193);
  // The low bits of short keys that are nearly alike hardly differ.
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** Bytes of the key of an id. */
export const ID_KEY_BYTES = 16;
const LONG = 0xff;

/**
 * A key of an id: its characters where they are few and of one byte, else 120 bits of their SHA-256.
 * @param key is written to, if given
 */
export function idKey(id: string, key: Uint8Array = new Uint8Array(ID_KEY_BYTES)): Uint8Array {
  key.fill(0);
  key[0] = id.length < ID_KEY_BYTES ? id.length : LONG;
  for (let at = 0; at < id.length && key[0] !== LONG; at += 1) {
    const code = id.charCodeAt(at);
    if (code > 0xff) key[0] = LONG;
    else key[at + 1] = code;
  }
  if (key[0] === LONG) {
    key.set(hash('sha256', Buffer.from(id, 'utf16le'), 'buffer').subarray(0, ID_KEY_BYTES - 1), 1);
  }
  return key;
}
