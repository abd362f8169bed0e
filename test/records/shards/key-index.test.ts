import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ID_KEY_BYTES, idKey, KeyIndex } from '../../../src/records/shards/key-index.ts';

describe('KeyIndex', () => {
  it('numbers keys as a map does', () => {
    const key = fc.uint8Array({ minLength: 4, maxLength: 4, max: 3 });
    fc.assert(
      fc.property(fc.array(key, { maxLength: 400 }), (keys) => {
        const index = new KeyIndex(4);
        const numbers = new Map<string, number>();
        for (const one of keys) {
          const name = one.join();
          expect(index.find(one)).toBe(numbers.get(name) ?? -1);
          if (!numbers.has(name)) numbers.set(name, numbers.size);
          expect(index.numberOf(one)).toBe(numbers.get(name));
        }
        expect(index.size).toBe(numbers.size);
        for (const [name, number] of numbers) expect(index.keyAt(number).join()).toBe(name);
      }),
    );
  });

  it('grows far beyond its first room, also with keys that are nearly alike', () => {
    const index = new KeyIndex(ID_KEY_BYTES);
    const rows = Array.from({ length: 20_000 }, (_, row) => row);
    expect(rows.map((row) => index.numberOf(idKey(`r${row}`)))).toEqual(rows);
    expect(rows.map((row) => index.find(idKey(`r${row}`)))).toEqual(rows);
    expect(index.find(idKey('r20000'))).toBe(-1);
  });
});

describe('idKey', () => {
  it('differs where ids differ', () => {
    const id = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ unit: 'grapheme', maxLength: 20 }));
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(Buffer.from(idKey(a)).equals(idKey(b))).toBe(a === b);
      }),
    );
    const alike = [
      '',
      '\0',
      '\0\0',
      'é',
      'e\u0301',
      '\ud800',
      '\udc00',
      'a'.repeat(15),
      'a'.repeat(16),
      'ÿ'.repeat(15),
    ];
    expect(new Set(alike.map((one) => idKey(one).join())).size).toBe(alike.length);
  });
});
