/** Lists of ids end to end, in memory that threads share. */
export interface TokenLists {
  readonly ids: Int32Array<SharedArrayBuffer>;
  /** Length lists + 1: list i is `ids[starts[i] … starts[i + 1])`. */
  readonly starts: Float64Array<SharedArrayBuffer>;
}

/** Copies the lists. O(ids). */
export function tokenLists(lists: readonly Int32Array[]): TokenLists {
  const starts = new Float64Array(new SharedArrayBuffer(8 * (lists.length + 1)));
  for (const [index, list] of lists.entries()) starts[index + 1] = starts[index]! + list.length;
  const ids = new Int32Array(new SharedArrayBuffer(4 * starts[lists.length]!));
  for (const [index, list] of lists.entries()) ids.set(list, starts[index]!);
  return { ids, starts };
}
