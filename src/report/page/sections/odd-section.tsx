import type { OddItem, OddItems } from '../../pool-figures.ts';
import { DataTable } from '../components/data-table.tsx';
import { PoolText } from '../components/pool-text.tsx';
import { Absent } from '../components/section.tsx';
import { count, decimal, plural } from '../components/wording.ts';

const PLACES = 3;

/** What deserves a look before it is paid for. */
export function Odd({ odd: { longest, strangest, nearDuplicates } }: { odd: OddItems }) {
  if (longest.length === 0 && strangest.length === 0 && nearDuplicates === null)
    return <Absent>Nothing is known of odd items yet.</Absent>;
  return (
    <>
      <OddTable
        title="The longest"
        says={(first) => `The longest instruction has ${count(first.measure)} characters, its input counted.`}
        items={longest}
        measure="Characters"
        write={count}
      />
      <OddTable
        title="The strangest"
        says={(first) => `The farthest from all others is ${decimal(first.measure, PLACES)} from the nearest one.`}
        items={strangest}
        measure="Distance"
        write={(distance) => decimal(distance, PLACES)}
      />
      {nearDuplicates === null ? null : <NearDuplicates {...nearDuplicates} />}
    </>
  );
}

function OddTable({
  title,
  says,
  items,
  measure,
  write,
}: {
  title: string;
  says: (first: OddItem) => string;
  items: readonly OddItem[];
  measure: string;
  write: (value: number) => string;
}) {
  const [first] = items;
  if (first === undefined) return null;
  return (
    <>
      <h3>{title}</h3>
      <p>{says(first)}</p>
      <DataTable
        label={title}
        rows={items}
        columns={[
          { title: measure, cell: (item) => write(item.measure), isNumber: true },
          { title: 'Instruction', cell: (item) => <Item {...item} />, isWide: true },
        ]}
      />
    </>
  );
}

function NearDuplicates({ threshold, count: items, examples }: NonNullable<OddItems['nearDuplicates']>) {
  const repeat = items === 1 ? 'repeats an earlier one' : 'repeat an earlier one';
  return (
    <>
      <h3>Near-duplicates</h3>
      <p>
        {plural(items, 'instruction')} {repeat} nearly word for word: the cosine of their embeddings is{' '}
        {decimal(threshold)} or more.
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

/** By which the item is found in the pool. */
export function ItemId({ id }: { id: string }) {
  return (
    <span class="id">
      <PoolText>{id}</PoolText>
    </span>
  );
}
