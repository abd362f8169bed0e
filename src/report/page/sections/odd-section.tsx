import type { OddItem, OddItems } from '../../pool-figures.ts';
import { DataTable } from '../components/data-table.tsx';
import { count, decimal, plural } from '../components/format.ts';
import { PoolText } from '../components/pool-text.tsx';
import { EmptyState } from '../components/section.tsx';

const PLACES = 3;

/** Instructions that people should look at before they are labeled. */
export function Odd({ odd: { longest, strangest, nearDuplicates } }: { odd: OddItems }) {
  if (longest.length === 0 && strangest.length === 0 && nearDuplicates === null)
    return <EmptyState>There are no instructions to check yet.</EmptyState>;
  return (
    <>
      <OddTable
        title="Longest"
        caption={(first) => `The longest instruction has ${count(first.measure)} characters, including its input.`}
        items={longest}
        measure="Characters"
        format={count}
      />
      <OddTable
        title="Outliers"
        caption={(first) =>
          `The strongest outlier is ${decimal(first.measure, PLACES)} away from its nearest neighbor.`
        }
        items={strangest}
        measure="Distance"
        format={(distance) => decimal(distance, PLACES)}
      />
      {nearDuplicates === null ? null : <NearDuplicates {...nearDuplicates} />}
    </>
  );
}

function OddTable({
  title,
  caption,
  items,
  measure,
  format,
}: {
  title: string;
  caption: (first: OddItem) => string;
  items: readonly OddItem[];
  measure: string;
  format: (value: number) => string;
}) {
  const [first] = items;
  if (first === undefined) return null;
  return (
    <>
      <h3>{title}</h3>
      <p>{caption(first)}</p>
      <DataTable
        label={title}
        rows={items}
        columns={[
          { title: measure, cell: (item) => format(item.measure), isNumber: true },
          { title: 'Instruction', cell: (item) => <Item {...item} />, isWide: true },
        ]}
      />
    </>
  );
}

function NearDuplicates({ threshold, count: items, examples }: NonNullable<OddItems['nearDuplicates']>) {
  return (
    <>
      <h3>Near-duplicates</h3>
      <p>
        {plural(items, 'instruction')} nearly {items === 1 ? 'repeats' : 'repeat'} an earlier one: the cosine similarity
        of the embeddings is {decimal(threshold)} or more.
      </p>
      {examples.length === 0 ? null : (
        <DataTable
          label="Near-duplicates"
          rows={examples}
          columns={[
            { title: 'Cosine', cell: ({ cosine }) => decimal(cosine, PLACES), isNumber: true },
            { title: 'Earlier', cell: ({ first }) => <Item {...first} />, isWide: true },
            { title: 'Later', cell: ({ second }) => <Item {...second} />, isWide: true },
          ]}
        />
      )}
    </>
  );
}

function Item({ id, excerpt }: OddItem) {
  return (
    <>
      <PoolText>{excerpt}</PoolText> <ItemId id={id} />
    </>
  );
}

/** The id of the item in the pool. */
export function ItemId({ id }: { id: string }) {
  return (
    <span class="id">
      <PoolText>{id}</PoolText>
    </span>
  );
}
