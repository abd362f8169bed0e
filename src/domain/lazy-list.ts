/**
 * A read-only list whose elements are made each time they are looked at, so that it can be longer than memory is large.
 * It is used like any array; nothing can be written to it.
 * @param at makes the element at an index, 0 … length − 1
 */
export function lazyList<T>(length: number, at: (index: number) => T): readonly T[] {
  const target: T[] = [];
  const indexOf = (key: string | symbol): number | undefined => {
    if (typeof key === 'symbol') return undefined;
    const index = Number(key);
    return Number.isInteger(index) && index >= 0 && index < length && String(index) === key ? index : undefined;
  };
  return new Proxy(target, {
    get: (_, key, receiver): unknown => {
      if (key === 'length') return length;
      const index = indexOf(key);
      return index === undefined ? Reflect.get(target, key, receiver) : at(index);
    },
    has: (_, key) => indexOf(key) !== undefined || Reflect.has(target, key),
    ownKeys: () => [...Array.from({ length }, (_, index) => String(index)), 'length'],
    getOwnPropertyDescriptor: (_, key) => {
      const index = indexOf(key);
      if (index === undefined) return Reflect.getOwnPropertyDescriptor(target, key);
      return { value: at(index), enumerable: true, configurable: true, writable: false };
    },
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  });
}

/** What `map` makes of each item when it is looked at. Items are not kept. */
export function lazyMap<From, To>(items: readonly From[], map: (item: From) => To): readonly To[] {
  return lazyList(items.length, (index) => map(items[index]!));
}

/** The items of several lists as one list, without copying them. O(lists) for each that is looked at. */
export function lazyConcat<T>(...lists: readonly (readonly T[])[]): readonly T[] {
  const length = lists.reduce((sum, list) => sum + list.length, 0);
  return lazyList(length, (index) => {
    let inList = index;
    for (const list of lists) {
      if (inList < list.length) return list[inList]!;
      inList -= list.length;
    }
    throw new RangeError(`There is no item ${index}.`);
  });
}
