import { useMemo, useState } from 'preact/hooks';
import { ITEM_FATES, type MapField, type PoolMap } from '../../pool-figures.ts';
import { decimal, NONE } from '../components/format.ts';
import { PoolText } from '../components/pool-text.tsx';
import { type RecordColumn, RecordTable } from '../components/record-table.tsx';

/** The visible points as a table that can be opened: an alternative to the drawing. */
export function PointsTable({ map, isShown }: { map: PoolMap; isShown: (index: number) => boolean }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="figures screen-only" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Show points as a table</summary>
      {isOpen ? <Points map={map} isShown={isShown} /> : null}
    </details>
  );
}

function Points({ map, isShown }: { map: PoolMap; isShown: (index: number) => boolean }) {
  const columns = useMemo(() => columnsOf(map), [map]);
  const searchedTexts = useMemo(() => (index: number) => [map.excerpt[index]!], [map]);
  const shown = useMemo(() => map.position.map((_, index) => index).filter(isShown), [map, isShown]);
  return (
    <RecordTable label="Points of the map" noun="point" columns={columns} rows={shown} searchedTexts={searchedTexts} />
  );
}

function columnsOf(map: PoolMap): RecordColumn<number>[] {
  return [
    { title: 'Row', value: (index) => map.position[index]! + 1, isNumber: true },
    {
      title: 'Instruction',
      value: (index) => map.excerpt[index]!,
      cell: (index) => <PoolText>{map.excerpt[index]!}</PoolText>,
      isWide: true,
    },
    { title: 'Status', value: (index) => ITEM_FATES[map.fate[index]!]! },
    {
      title: 'Round',
      value: (index) => map.round[index] || null,
      cell: (index) => map.round[index] || NONE,
      isNumber: true,
    },
    { title: 'Cluster', value: (index) => map.clusters[map.cluster[index]!]?.name ?? null },
    {
      title: 'Score',
      value: (index) => map.score[index] ?? null,
      cell: (index) => decimal(map.score[index] ?? null),
      isNumber: true,
    },
    ...map.fields.map((field) => fieldColumn(field)),
  ];
}

function fieldColumn(field: MapField): RecordColumn<number> {
  const value = (index: number) => {
    const value = field.of[index] ?? null;
    return value === null || field.kind === 'numbers' ? value : field.values[value]!;
  };
  return {
    // A field may have the name of one of our own columns.
    title: `Field ${field.name}`,
    value,
    cell: (index) => value(index) ?? NONE,
    isNumber: field.kind === 'numbers',
  };
}
