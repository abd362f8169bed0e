import { useMemo } from 'preact/hooks';
import { sorted } from './table-order.ts';

/** Filters rows by one of their values. */
export interface RecordFilter<Row> {
  readonly label: string;
  readonly of: (row: Row) => string;
}

/** A menu of the values of a filter. Renders nothing if all rows have the same value. */
export function FilterMenu<Row>({
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
