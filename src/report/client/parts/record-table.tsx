import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { columnClass } from './data-table.tsx';
import { Pager } from './pager.tsx';
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
}

/** A choice of rows by one of their values. */
export interface RecordFilter<Row> {
  readonly label: string;
  readonly of: (row: Row) => string;
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
  columns,
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
  const [page, setPage] = useState(0);
  const isPrinting = usePrinting();

  const indexed = useMemo(() => rows.map((row) => ({ row, text: haystack(searched(row)) })), [rows, searched]);
  const found = useMemo(
    () =>
      indexed
        .filter(
          ({ row, text }) =>
            filters.every(({ of }, at) => !chosen[at] || of(row) === chosen[at]) && matches(text, asked.trim()),
        )
        .map(({ row }) => row),
    [indexed, filters, chosen, asked],
  );
  const inOrder = useMemo(
    () => (order === null ? found : sorted(found, columns[order.column]!.value, order.descends)),
    [found, columns, order],
  );
  const from = isPrinting ? 0 : page * PAGE_ROWS;
  const shown = inOrder.slice(from, from + (isPrinting ? PRINTED_ROWS : PAGE_ROWS));
  const sortBy = (column: number) => {
    setOrder(
      order?.column === column ? (order.descends ? null : { column, descends: true }) : { column, descends: false },
    );
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
          <Choice
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
      {isPrinting && inOrder.length > shown.length ? (
        <p>
          The first {count(shown.length)} of {plural(inOrder.length, noun)}; the file has them all.
        </p>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="scroll" aria-label={label} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th
                  key={column.title}
                  scope="col"
                  class={columnClass(column)}
                  aria-sort={order?.column === index ? (order.descends ? 'descending' : 'ascending') : undefined}
                >
                  <button type="button" class="sort" onClick={() => sortBy(index)}>
                    {column.title}
                    <span class="arrow" aria-hidden="true">
                      {order?.column === index ? (order.descends ? '▼' : '▲') : '↕'}
                    </span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={from + index}>
                {columns.map((column) => (
                  <td key={column.title} class={columnClass(column)}>
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

function Choice<Row>({
  filter,
  rows,
  value,
  onChoose,
}: {
  filter: RecordFilter<Row>;
  rows: readonly Row[];
  value: string;
  onChoose: (value: string) => void;
}) {
  const values = useMemo(
    () => sorted([...new Set(rows.map((row) => filter.of(row)))], (one) => one, false),
    [rows, filter],
  );
  if (values.length < 2) return null;
  return (
    <label>
      {filter.label}
      <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        <option value="">all</option>
        {values.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
