import { expect, it } from 'vitest';
import { MapStore } from '../../src/store/map-store.ts';
import { openDatabase } from '../../src/store/open-database.ts';

function emptyStore(): MapStore {
  const database = openDatabase(':memory:');
  database.pragma('foreign_keys = OFF');
  return new MapStore(database);
}

const at = (position: number, x: number) => ({ position, x, y: -x });

it('a point once drawn stays where it is', () => {
  const store = emptyStore();
  store.addPoints('umap', [at(3, 0.5), at(1, 2)]);
  store.addPoints('umap', [at(3, 9), at(2, 1)]);
  expect(store.points('umap')).toEqual([at(1, 2), at(2, 1), at(3, 0.5)]);
});

it('layouts know nothing of each other', () => {
  const store = emptyStore();
  store.addPoints('umap', [at(1, 1)]);
  store.addPoints('pca', [at(1, 2)]);
  expect(store.points('umap')).toEqual([at(1, 1)]);
  expect(store.points('another')).toEqual([]);
});

it('a layout gets its first points once', () => {
  const store = emptyStore();
  store.begin('umap', [at(1, 1), at(2, 2)]);
  store.begin('umap', [at(2, 7), at(3, 7)]);
  expect(store.points('umap')).toEqual([at(1, 1), at(2, 2)]);
});
