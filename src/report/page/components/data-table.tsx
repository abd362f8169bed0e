import type { ComponentChildren } from 'preact';

/** One column of a table of figures. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  /** Takes what room there is. */
  readonly isWide?: boolean;
}

/** The class of a column's cells. */
export function columnClass({ isNumber, isWide }: Pick<Column<never>, 'isNumber' | 'isWide'>): string | undefined {
  return isNumber ? 'number' : isWide ? 'wide' : undefined;
}

/** A table of figures: all rows, as they come. Wide ones scroll by themselves, by keyboard too. */
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
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
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

/** The figures behind a chart, on demand. */
export function FiguresTable<Row>(props: { label: string; columns: readonly Column<Row>[]; rows: readonly Row[] }) {
  return (
    <details class="figures">
      <summary>
        Figures as a table<span class="hidden">: {props.label}</span>
      </summary>
      <DataTable {...props} />
    </details>
  );
}
