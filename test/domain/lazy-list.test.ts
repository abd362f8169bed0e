import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lazyConcat, lazyList, lazyMap } from '../../src/domain/lazy-list.ts';

const doubled = (length: number) => lazyList(length, (index) => 2 * index);

describe('lazyList', () => {
  it('is read like an array of the same elements', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: -3, max: 50 }), (length, index) => {
        const list = doubled(length);
        const array = Array.from({ length }, (_, at) => 2 * at);
        expect(list).toEqual(array);
        expect([...list]).toEqual(array);
        expect(list[index]).toBe(array[index]);
        expect(list.at(index)).toBe(array.at(index));
        expect(list.map((one, at) => one + at)).toEqual(array.map((one, at) => one + at));
        expect(list.filter((one) => one > 7)).toEqual(array.filter((one) => one > 7));
        expect(list.slice(index)).toEqual(array.slice(index));
        expect([...list.entries()]).toEqual([...array.entries()]);
        expect(list.flatMap((one) => [one, one])).toEqual(array.flatMap((one) => [one, one]));
        expect(list.find((one) => one === 8)).toBe(array.find((one) => one === 8));
        expect(JSON.stringify(list)).toBe(JSON.stringify(array));
        expect([list.length, list.includes(8), list.every((one) => one < 9)]).toEqual([
          array.length,
          array.includes(8),
          array.every((one) => one < 9),
        ]);
      }),
    );
  });

  it('is an array to programs, and has no other elements', () => {
    const list = doubled(3);
    expect(Array.isArray(list)).toBe(true);
    for (const key of ['-1', '3', '01', '1.5', '1e0', '']) expect(Reflect.get(list, key)).toBeUndefined();
    expect(3 in list).toBe(false);
    expect(Object.keys(list)).toEqual(['0', '1', '2']);
  });

  it('makes only what is looked at', () => {
    const made: number[] = [];
    const list = lazyList(1e9, (index) => made.push(index));
    expect(list.length).toBe(1e9);
    void list[7];
    expect(made).toEqual([7]);
  });

  it('cannot be written to', () => {
    const list = doubled(3) as number[];
    expect(() => list.push(1)).toThrow(TypeError);
    expect(() => {
      list[0] = 5;
    }).toThrow(TypeError);
    expect(() => list.sort((a, b) => b - a)).toThrow(TypeError);
    expect([...list]).toEqual([0, 2, 4]);
  });
});

describe('lazyMap and lazyConcat', () => {
  it('give what map and concat give', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat())), (lists) => {
        expect(lazyConcat(...lists)).toEqual(lists.flat());
        for (const list of lists) expect(lazyMap(list, (one) => one + 1)).toEqual(list.map((one) => one + 1));
      }),
    );
  });

  it('look at what is asked for alone', () => {
    const made: number[] = [];
    const list = lazyList(10, (index) => made.push(index));
    void lazyMap(lazyConcat([0, 1], list), (one) => one)[3];
    expect(made).toEqual([1]);
  });
});
