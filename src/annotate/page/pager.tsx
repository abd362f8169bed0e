import { count } from './formats.tsx';

export interface PagerProps {
  /** What assistive technology calls it. */
  readonly label: string;
  /** The page that is shown. */
  readonly list: { readonly offset: number; readonly total: number; readonly items: readonly unknown[] };
  /** Items a page. */
  readonly size: number;
  readonly isLast: boolean;
  readonly onOffset: (offset: number) => void;
}

/** Where one is in a long list, with buttons to its other pages. */
export function Pager({ label, list: { offset, total, items }, size, isLast, onOffset }: PagerProps) {
  return (
    <nav class="pager" aria-label={label}>
      <button type="button" disabled={offset === 0} onClick={() => onOffset(Math.max(0, offset - size))}>
        Previous
      </button>
      <span role="status">
        {items.length === 0
          ? 'No matching items.'
          : `${count(offset + 1)}–${count(offset + items.length)} of ${count(total)}`}
      </span>
      <button type="button" disabled={isLast} onClick={() => onOffset(offset + size)}>
        Next
      </button>
    </nav>
  );
}
