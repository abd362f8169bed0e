/** The sort key of a row in one column. */
export type SortValue = string | number | null;

export interface Order {
  /** The title of a column. */
  readonly by: string;
  readonly descends: boolean;
}

const WORDS = new Intl.Collator('en', { numeric: true });

/**
 * Rows sorted by one column: numbers by size, texts by alphabet (and by the numbers in them), null always last.
 * Equal rows keep their order. O(n log n); the given array does not change.
 */
export function sorted<Row>(rows: readonly Row[], value: (row: Row) => SortValue, descends: boolean): Row[] {
  const keyed = rows.map((row) => ({ row, key: value(row) }));
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : WORDS.compare(String(a), String(b));
    return descends ? -order : order;
  });
  return keyed.map(({ row }) => row);
}

/** The texts of one row in lower case, for `matches`. */
export function searchText(texts: readonly string[]): string {
  return texts.join('\n').toLowerCase();
}

/** Whether a text contains every word of a query. */
export function matches(text: string, query: string): boolean {
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
