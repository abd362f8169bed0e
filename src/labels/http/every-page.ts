import { LabelError } from '../../domain/errors.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Items on all pages; absent where the server does not say. */
  readonly total?: number | undefined;
}

const MOST_READINGS = 3;

/**
 * Reads a list that comes in pages, and reads it again when it changed meanwhile: where items are added
 * or deleted between two pages, others move across the border, are missed or seen twice. That is told by
 * the server's count; as many deleted as added between two pages go unnoticed.
 * @param readPage the page after `seen` items, the `number`th from 1; an empty one ends the list
 * @returns distinct items in the order of the server; of several with one key the first
 * @throws LabelError when the list does not keep still
 */
export async function everyPage<T>(
  what: string,
  readPage: (number: number, seen: number) => Promise<Page<T>>,
  keyOf: (item: T) => string | number,
  onCount?: (done: number, total: number | undefined) => void,
): Promise<T[]> {
  for (let reading = 1; reading <= MOST_READINGS; reading += 1) {
    const items = new Map<string | number, T>();
    const totals = new Set<number>();
    let [seen, total] = [0, undefined as number | undefined];
    for (let number = 1; total === undefined || seen < total; number += 1) {
      const page = await readPage(number, seen);
      if (page.total !== undefined) totals.add(page.total);
      total = page.total ?? total;
      if (page.items.length === 0) break;
      seen += page.items.length;
      for (const item of page.items) if (!items.has(keyOf(item))) items.set(keyOf(item), item);
      onCount?.(items.size, total);
    }
    if (totals.size <= 1 && items.size === (total ?? seen)) return [...items.values()];
  }
  throw new LabelError(`The ${what} changed each of the ${MOST_READINGS} times they were listed.`, {
    hint: 'Run the same command again when the list no longer changes.',
  });
}
