import { expect, test } from 'vitest';
import { takeRows } from '../../src/math/embedding-matrix.ts';
import { javascriptKernel as kernel } from '../../src/math/javascript-kernel.ts';
import { layOut } from '../../src/report/map-layout.ts';
import { ITEM_FATES } from '../../src/report/pool-figures.ts';
import { positionsOnMap } from '../../src/report/pool-map.ts';
import { MapStore } from '../../src/store/map-store.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { clusteredMatrix } from '../math/matrices.ts';

const POOL = clusteredMatrix(300, 8, 4, 0.3);
const first = (count: number) => Array.from({ length: count }, (_, position) => position);

/** Makes layouts that share one store. */
function layouts(space = 'a space') {
  const database = openDatabase(':memory:');
  database.pragma('foreign_keys = OFF');
  const options = { store: new MapStore(database), space, seed: 1, kernel, onProgress: () => undefined };
  return (positions: readonly number[], pool = POOL, changed: Partial<typeof options> = {}) =>
    layOut(pool, positions, { ...options, ...changed });
}

test('points stay where they are while the pool grows a little, even if others leave the sample', async () => {
  const at = layouts();
  const before = await at(first(60));
  expect(before.method).toBe('umap');
  const after = await at(first(100).filter((position) => position % 7 > 0));
  const points = new Map(before.points.map((point) => [point.position, point]));
  for (const point of after.points.filter(({ position }) => position < 60)) {
    expect(point).toEqual(points.get(point.position));
  }
  expect(after.points.map(({ position }) => position)).toEqual(first(100).filter((position) => position % 7 > 0));
  // Points that were left out return to their places.
  expect((await at(first(60))).points).toEqual(before.points);
});

test('the layout of a few items is replaced when there are many', async () => {
  const at = layouts();
  const few = await at(first(5));
  expect(few.method).toBe('pca');
  const many = await at(first(40));
  expect(many.method).toBe('umap');
  expect(many).toEqual(await layouts()(first(40)));
  expect((await at(first(300))).points.slice(0, 40)).not.toEqual(many.points);
});

test('points of different models are not mixed', async () => {
  const at = layouts();
  const one = await at(first(40));
  const other = await at(first(40), clusteredMatrix(200, 8, 4, 0.3, 9), { space: 'another' });
  expect(other.points).not.toEqual(one.points);
  expect((await at(first(40))).points).toEqual(one.points);
});

test('equal rows have finite points that stay where they are', async () => {
  const same = takeRows(POOL, new Array<number>(50).fill(0));
  const at = layouts();
  const before = await at(first(40), same);
  for (const { x, y } of before.points) expect([Number.isFinite(x), Number.isFinite(y)]).toEqual([true, true]);
  const after = await at(first(50), same);
  expect(after.points.slice(0, 40)).toEqual(before.points);
  for (const { x, y } of after.points) expect([Number.isFinite(x), Number.isFinite(y)]).toEqual([true, true]);
});

test('a map shows all picked items, and a sample of the others that changes little as the pool grows', () => {
  const draw = (items: number) => {
    const fate = new Uint8Array(items).fill(ITEM_FATES.indexOf('remaining'));
    for (const position of first(1_000)) fate[position * 10] = position % 4;
    for (const position of first(5_000)) fate[position * 4 + 1] = ITEM_FATES.indexOf('failed');
    return { fate, drawn: positionsOnMap(fate, 3) };
  };
  const { fate, drawn } = draw(50_000);
  const count = (number: number) => drawn.filter((position) => fate[position] === number).length;
  expect(ITEM_FATES.map((_, number) => count(number)).slice(4)).toEqual([3_000, 4_000]);
  const picked = first(50_000).filter((position) => fate[position]! < 4);
  expect(drawn).toEqual(expect.arrayContaining(picked.slice(0, 50)));
  expect(drawn.filter((position) => fate[position]! < 4)).toEqual(picked);
  expect(drawn).toEqual(drawn.toSorted((a, b) => a - b));
  const grown = new Set(draw(52_000).drawn);
  expect(drawn.filter((position) => !grown.has(position)).length).toBeLessThan(400);
  expect(positionsOnMap(fate, 4)).not.toEqual(drawn);
});
