import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { columnClass } from './data-table.tsx';
import { Pager } from './pager.tsx';
import { RecordChoice, type RecordFilter } from './record-choice.tsx';
import { haystack, matches, type Order, type SortValue, sorted } from './table-order.ts';
import { usePrinting } from './use-printing.ts';
import { count, plural } from './wording.ts';

export interface RecordColumn<Row> {
  readonly title: string;
  /** What it is sorted by, and shown where there is no cell. */
  readonly value: (row: Row) => SortValue;
  readonly cell?: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  /** Takes what room there is. */
  readonly isWide?: boolean;
  /** Left out on paper, which is narrow. */
  readonly isForScreens?: boolean;
}

const PAGE_ROWS = 50;
/** On paper; more would be a book. */
const PRINTED_ROWS = 1000;

/**
 * A table of any number of records: sorted by any column, searched by words, chosen by filters, a page at a time.
 * On paper all of it, or as much as it says.
 */
export function RecordTable<Row>({
  label,
  noun,
  columns: allColumns,
  filters = [],
  rows,
  searched,
}: {
  label: string;
  /** What a row is: "pick". */
  noun: string;
  columns: readonly RecordColumn<Row>[];
  filters?: readonly RecordFilter<Row>[];
  rows: readonly Row[];
  /** The texts of a row that are searched. */
  searched: (row: Row) => readonly string[];
}) {
  const [order, setOrder] = useState<Order | null>(null);
  const [asked, setAsked] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(() => filters.map(() => ''));
  const [turnedTo, setPage] = useState(0);
  const isPrinting = usePrinting();

  // Where no row has a value, there is nothing to see.
  const columns = useMemo(
    () => allColumns.filter(({ value }) => rows.some((row) => value(row) !== null)),
    [allColumns, rows],
  );
  const indexed = useMemo(() => rows.map((row, at) => ({ row, at, text: haystack(searched(row)) })), [rows, searched]);
  const found = useMemo(
    () =>
      indexed.filter(
        ({ row, text }) =>
          filters.every(({ of }, at) => !chosen[at] || of(row) === chosen[at]) && matches(text, asked.trim()),
      ),
    [indexed, filters, chosen, asked],
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
  // Up, down, as it was.
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
            value={asked}
            onInput={({ currentTarget }) => {
              setAsked(currentTarget.value);
              setPage(0);
            }}
          />
        </label>
        {filters.map((filter, at) => (
          <RecordChoice
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
          Printed: {count(shown.length)} of {plural(rows.length, noun)}, as they were searched and sorted; the file has
          them all.
        </p>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
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
                  {/* Buttons are not printed again on the next sheet, as words are. */}
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
      {found.length === 0 ? <p class="absent">Nothing is like that.</p> : null}
      <Pager label={label} page={page} pageRows={PAGE_ROWS} rows={found.length} onTurn={setPage} />
    </div>
  );
}

function classOf(column: Pick<RecordColumn<never>, 'isNumber' | 'isWide' | 'isForScreens'>): string | undefined {
  const names = [columnClass(column), column.isForScreens ? 'screen-only' : undefined];
  return names.filter(Boolean).join(' ') || undefined;
}
