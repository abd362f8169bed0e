import type { ComponentChildren } from 'preact';

/** One column of a table of figures. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  /** Gets the remaining width. */
  readonly isWide?: boolean;
}

/** The class of a column's cells. */
export function columnClass({ isNumber, isWide }: Pick<Column<never>, 'isNumber' | 'isWide'>): string | undefined {
  return isNumber ? 'number' : isWide ? 'wide' : undefined;
}

/** A table of all rows in the given order. A wide table scrolls inside its frame, also by keyboard. */
export function DataTable<Row>({
  label,
  columns,
  rows,
}: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section class="scroll" aria-label={label} tabIndex={0}>
      <table class={columns.some(({ isWide }) => isWide) ? 'has-texts' : undefined}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={columnClass(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map((column) => (
                <td key={column.title} class={columnClass(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The figures of a chart as a table that can be opened. */
export function FiguresTable<Row>(props: { label: string; columns: readonly Column<Row>[]; rows: readonly Row[] }) {
  return (
    <details class="figures">
      <summary>
        Show as a table<span class="hidden">: {props.label}</span>
      </summary>
      <DataTable {...props} />
    </details>
  );
}
