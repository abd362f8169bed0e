/** What a row is sorted by in one column. */
export type SortValue = string | number | null;

export interface Order {
  /** Title of a column. */
  readonly by: string;
  readonly descends: boolean;
}

const WORDS = new Intl.Collator('en', { numeric: true });

/**
 * Rows in the order of one column: numbers by size, texts by the alphabet with numbers in them by size, nothing last
 * in both directions. Rows alike stay as they were. O(n log n); the given array is untouched.
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

/** What a search looks at: the texts of one row, letter case aside. */
export function haystack(texts: readonly string[]): string {
  return texts.join('\n').toLowerCase();
}

/** Whether a text has all words of what was asked for, anywhere in it. */
export function matches(text: string, asked: string): boolean {
  return asked
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
