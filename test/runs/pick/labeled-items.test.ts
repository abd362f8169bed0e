import { expect, it } from 'vitest';
import { PoolBuilder } from '../../../src/records/pool-builder.ts';
import { matchLabeled } from '../../../src/runs/pick/labeled-items.ts';

type Row = readonly [id: string | undefined, instruction: string, input?: string];

function poolOf(...rows: readonly Row[]) {
  const builder = new PoolBuilder();
  rows.forEach(([id, instruction, input], index) => {
    builder.add(
      {
        ...(id === undefined ? {} : { id }),
        instruction,
        ...(input === undefined ? {} : { input }),
        meta: {},
        record: {},
      },
      { file: 'pool.jsonl', line: index + 1 },
    );
  });
  return builder.build();
}

const POOL = poolOf(
  ['a', 'Sing.'],
  ['b', 'Dance.'],
  [undefined, 'Sleep.'],
  ['d', 'Sum up.', 'Text one'],
  ['e', 'Sum up.', 'Text two'],
);

it('finds labeled items by their id where the texts agree but for spaces', () => {
  const { positions, outside, otherTexts } = matchLabeled(POOL, poolOf(['d', ' Sum  up.', 'Text one'], ['a', 'Sing.']));
  expect(positions).toEqual([0, 3]);
  expect([...outside, ...otherTexts]).toEqual([]);
});

it('takes an id that leads to another text for no match, and says so', () => {
  const { positions, outside, otherTexts } = matchLabeled(POOL, poolOf(['a', 'Jump.'], ['d', 'Sum up.', 'Text three']));
  expect(positions).toEqual([]);
  expect(outside.map(({ id }) => id)).toEqual(['a', 'd']);
  expect(otherTexts).toEqual(outside);
});

it('finds them by text where the id is not known', () => {
  const { positions } = matchLabeled(POOL, poolOf([undefined, 'Sleep.'], ['other', 'Dance.']));
  expect(positions).toEqual([1, 2]);
});

it('goes by the text where the id and the text lead to different records', () => {
  expect(matchLabeled(POOL, poolOf(['b', 'Sing.']))).toEqual({ positions: [0], outside: [], otherTexts: [] });
});

it('takes the input for a part of the text', () => {
  const { positions, outside } = matchLabeled(POOL, poolOf([undefined, 'Sum up.', 'Text two'], [undefined, 'Sum up.']));
  expect(positions).toEqual([4]);
  expect(outside.map(({ instruction }) => instruction)).toEqual(['Sum up.']);
});

it('keeps labeled items that are not in the pool, in their order', () => {
  const { positions, outside } = matchLabeled(POOL, poolOf(['x', 'Run.'], ['y', 'Sing louder.']));
  expect(positions).toEqual([]);
  expect(outside.map(({ id }) => id)).toEqual(['x', 'y']);
});

it('knows records that were merged by each of their ids, on either side', () => {
  const merged = poolOf(['a', 'Sing.'], ['a2', 'Sing.'], ['b', 'Dance.']);
  expect(matchLabeled(merged, poolOf(['a2', '\u200bSing.'])).positions).toEqual([0]);
  expect(matchLabeled(POOL, poolOf(['x', ' Dance.'], ['b', ' Dance.'])).positions).toEqual([1]);
});

it('counts an item once that is labeled twice', () => {
  expect(matchLabeled(POOL, poolOf(['a', 'Sing!'], [undefined, 'Sing.'])).positions).toEqual([0]);
});
