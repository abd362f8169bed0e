import type { PickLine } from '../../report-data.ts';
import { compact, NONE } from '../components/format.ts';
import { LongText, PoolText } from '../components/pool-text.tsx';
import type { RecordFilter } from '../components/record-filter.tsx';
import { type RecordColumn, RecordTable } from '../components/record-table.tsx';
import { EmptyState } from '../components/section.tsx';
import { Money } from '../components/values.tsx';
import { ItemId } from './odd-section.tsx';

/** All picks with their reasons, in a table that can be sorted, searched and filtered. */
export function Picks({ picks }: { picks: readonly PickLine[] }) {
  if (picks.length === 0) return <EmptyState>Nothing has been picked yet.</EmptyState>;
  return (
    <RecordTable
      label="Picks"
      noun="pick"
      columns={COLUMNS}
      filters={FILTERS}
      rows={picks}
      searchedTexts={searchedTexts}
    />
  );
}

const COLUMNS: readonly RecordColumn<PickLine>[] = [
  { title: 'Round', value: ({ round }) => round, isNumber: true },
  { title: 'Rank', value: ({ rank }) => rank, isNumber: true },
  {
    title: 'Instruction',
    value: ({ excerpt }) => excerpt,
    cell: ({ excerpt, id }) => (
      <>
        <LongText>{excerpt}</LongText> <ItemId id={id} />
      </>
    ),
    isWide: true,
  },
  { title: 'Why', value: ({ reason }) => reason, cell: ({ reason }) => <LongText>{reason}</LongText>, isWide: true },
  { title: 'State', value: ({ state }) => state, cell: ({ state }) => <span class={`state ${state}`}>{state}</span> },
  {
    title: 'By',
    value: ({ annotators }) => annotators.join(', ') || null,
    cell: ({ annotators }) => (annotators.length === 0 ? NONE : <PoolText>{annotators.join(', ')}</PoolText>),
  },
  {
    title: 'Necessity',
    value: ({ necessity }) => necessity,
    cell: ({ necessity }) => (necessity === null ? NONE : compact(necessity)),
    isNumber: true,
  },
  {
    title: 'Strategy',
    value: ({ strategy, model }) => `${strategy} ${model ?? ''}`,
    cell: ({ strategy, model }) => (
      <>
        {strategy}
        {model === null ? null : (
          <span class="beside">
            , <PoolText>{model}</PoolText>
          </span>
        )}
      </>
    ),
    isForScreens: true,
  },
  {
    title: 'Score',
    value: ({ score }) => score,
    cell: ({ score }) => (score === null ? NONE : compact(score)),
    isNumber: true,
  },
  {
    title: 'LLM cost',
    value: ({ costMicroUsd }) => costMicroUsd,
    cell: ({ costMicroUsd }) => <Money amount={costMicroUsd} />,
    isNumber: true,
  },
];

const FILTERS: readonly RecordFilter<PickLine>[] = [
  { label: 'State', of: ({ state }) => state },
  { label: 'Round', of: ({ round }) => String(round) },
];

function searchedTexts({ excerpt, id, reason, annotators, strategy, model }: PickLine): string[] {
  return [excerpt, id, reason, ...annotators, strategy, model ?? ''];
}
