import { expect, it } from 'vitest';
import { openDatabase } from '../../src/store/open-database.ts';
import { PluginStore } from '../../src/store/plugin-store.ts';

it('remembers every version of a plugin, and tells what changed', () => {
  const clock = { now: () => 5 };
  const store = new PluginStore(openDatabase(':memory:'), clock);
  expect(store.use([{ name: 'mine', version: '1' }])).toEqual([]);
  expect(store.use([{ name: 'mine', version: '1' }])).toEqual([]);
  const changed = store.use([
    { name: 'mine', version: '2' },
    { name: 'other', version: '1' },
  ]);
  expect(changed).toEqual([{ name: 'mine', version: '2', before: '1' }]);
  expect(store.all()).toEqual([
    { name: 'mine', version: '1', firstUsedAtMs: 5 },
    { name: 'mine', version: '2', firstUsedAtMs: 5 },
    { name: 'other', version: '1', firstUsedAtMs: 5 },
  ]);
});
