import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { columnClass } from './data-table.tsx';
import { count, plural } from './format.ts';
import { Pager } from './pager.tsx';
import { FilterMenu, type RecordFilter } from './record-filter.tsx';
import { matches, type Order, type SortValue, searchText, sorted } from './table-order.ts';
import { usePrinting } from './use-media.ts';

export interface RecordColumn<Row> {
  readonly title: string;
  /** The sort key; also shown if there is no `cell`. */
  readonly value: (row: Row) => SortValue;
  readonly cell?: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  /** Gets the remaining width. */
  readonly isWide?: boolean;
  /** Not printed: paper is narrow. */
  readonly isForScreens?: boolean;
}

const PAGE_ROWS = 50;
/** Limit for print. */
const PRINTED_ROWS = 1000;

/**
 * A table of any number of records, in pages. It can be sorted by any column, searched and filtered.
 * Print shows all rows up to a limit, and says so if there are more.
 */
export function RecordTable<Row>({
  label,
  noun,
  columns: allColumns,
  filters = [],
  rows,
  searchedTexts,
}: {
  label: string;
  /** What a row is, in the singular: "pick". */
  noun: string;
  columns: readonly RecordColumn<Row>[];
  filters?: readonly RecordFilter<Row>[];
  rows: readonly Row[];
  /** The texts of a row that the search looks at. */
  searchedTexts: (row: Row) => readonly string[];
}) {
  const [order, setOrder] = useState<Order | null>(null);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(() => filters.map(() => ''));
  const [turnedTo, setPage] = useState(0);
  const isPrinting = usePrinting();

  // Columns without any value are not shown.
  const columns = useMemo(
    () => allColumns.filter(({ value }) => rows.some((row) => value(row) !== null)),
    [allColumns, rows],
  );
  const indexed = useMemo(
    () => rows.map((row, at) => ({ row, at, text: searchText(searchedTexts(row)) })),
    [rows, searchedTexts],
  );
  const found = useMemo(
    () =>
      indexed.filter(
        ({ row, text }) =>
          filters.every(({ of }, at) => !chosen[at] || of(row) === chosen[at]) && matches(text, query.trim()),
      ),
    [indexed, filters, chosen, query],
  );
  const inOrder = useMemo(() => {
    const column = columns.find(({ title }) => title === order?.by);
    return order === null || column === undefined
      ? found
      : sorted(found, ({ row }) => column.value(row), order.descends);
  }, [found, columns, order]);
  const page = Math.min(turnedTo, Math.max(0, Math.ceil(found.length / PAGE_ROWS) - 1));
  const from = isPrinting ? 0 : page * PAGE_ROWS;
  const shown = inOrder.slice(from, from + (isPrinting ? PRINTED_ROWS : PAGE_ROWS));
  // Clicks on a title sort up, then down, then restore the order.
  const sortBy = (by: string) => {
    if (order?.by !== by) setOrder({ by, descends: false });
    else setOrder(order.descends ? null : { by, descends: true });
    setPage(0);
  };

  return (
    <div class="records">
      <div class="tools screen-only">
        <label>
          Search
          <input
            type="search"
            value={query}
            onInput={({ currentTarget }) => {
              setQuery(currentTarget.value);
              setPage(0);
            }}
          />
        </label>
        {filters.map((filter, at) => (
          <FilterMenu
            key={filter.label}
            filter={filter}
            rows={rows}
            value={chosen[at]!}
            onChoose={(value) => {
              setChosen(chosen.map((other, index) => (index === at ? value : other)));
              setPage(0);
            }}
          />
        ))}
        <p class="found" role="status">
          {found.length === rows.length
            ? plural(rows.length, noun)
            : `${count(found.length)} of ${plural(rows.length, noun)}`}
        </p>
      </div>
      {isPrinting && shown.length < rows.length ? (
        <p>
          This print has {count(shown.length)} of {plural(rows.length, noun)}, as searched and sorted. The HTML file has
          all of them.
        </p>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section class="scroll" aria-label={label} tabIndex={0}>
        <table class="has-texts">
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.title}
                  scope="col"
                  class={classOf(column)}
                  aria-sort={order?.by === column.title ? (order.descends ? 'descending' : 'ascending') : undefined}
                >
                  {/* Print repeats plain titles on every sheet, but not buttons. */}
                  {isPrinting ? (
                    column.title
                  ) : (
                    <button type="button" class="sort" onClick={() => sortBy(column.title)}>
                      {column.title}
                      <span class="arrow" aria-hidden="true">
                        {order?.by === column.title ? (order.descends ? '▼' : '▲') : '↕'}
                      </span>
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ row, at }) => (
              <tr key={at}>
                {columns.map((column) => (
                  <td key={column.title} class={classOf(column)}>
                    {column.cell === undefined ? column.value(row) : column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {found.length === 0 ? <p class="empty">No matching rows.</p> : null}
      <Pager label={label} page={page} pageRows={PAGE_ROWS} rows={found.length} onTurn={setPage} />
    </div>
  );
}

function classOf(column: Pick<RecordColumn<never>, 'isNumber' | 'isWide' | 'isForScreens'>): string | undefined {
  const names = [columnClass(column), column.isForScreens ? 'screen-only' : undefined];
  return names.filter(Boolean).join(' ') || undefined;
}
