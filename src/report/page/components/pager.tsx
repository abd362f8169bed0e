import { count } from './format.ts';

/** Buttons to move between the pages of a table. Renders nothing if there is only one page. */
export function Pager({
  label,
  page,
  pageRows,
  rows,
  onTurn,
}: {
  label: string;
  page: number;
  pageRows: number;
  rows: number;
  onTurn: (page: number) => void;
}) {
  if (rows <= pageRows) return null;
  const last = Math.ceil(rows / pageRows) - 1;
  const button = (title: string, to: number) => (
    <button type="button" disabled={to < 0 || to > last || to === page} onClick={() => onTurn(to)}>
      {title}
    </button>
  );
  return (
    <nav class="pager screen-only" aria-label={`Pages of ${label}`}>
      {button('First', 0)}
      {button('Previous', page - 1)}
      <span>
        {count(page * pageRows + 1)}–{count(Math.min(rows, (page + 1) * pageRows))} of {count(rows)}
      </span>
      {button('Next', page + 1)}
      {button('Last', last)}
    </nav>
  );
}
