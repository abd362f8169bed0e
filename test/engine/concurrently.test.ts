import { describe, expect, test } from 'vitest';
import { concurrently } from '../../src/engine/concurrently.ts';
import { settled } from '../support/virtual-clock.ts';

/** Work that ends when it is told to. */
function bench() {
  const begun: number[] = [];
  const ended: number[] = [];
  const enders = new Map<number, (error?: Error) => void>();
  return {
    begun,
    ended,
    work: (item: number) => {
      begun.push(item);
      return new Promise<void>((resolve, reject) => {
        enders.set(item, (error) => {
          ended.push(item);
          if (error) reject(error);
          else resolve();
        });
      });
    },
    end: async (item: number, error?: Error) => {
      enders.get(item)!(error);
      await settled();
    },
  };
}

test('items are begun in order, so many at a time, each when another has ended', async () => {
  const { begun, work, end } = bench();
  const all = concurrently([0, 1, 2, 3], 2, work);
  await settled();
  expect(begun).toEqual([0, 1]);
  await end(1);
  expect(begun).toEqual([0, 1, 2]);
  await end(0);
  await end(2);
  await end(3);
  await all;
  expect(begun).toEqual([0, 1, 2, 3]);
});

describe('an error', () => {
  test('begins nothing more, lets what is under way end, and only then is thrown', async () => {
    const { begun, ended, work, end } = bench();
    let thrown: unknown;
    const all = concurrently([0, 1, 2, 3], 2, work).catch((error: unknown) => {
      thrown = error;
    });
    await settled();
    await end(0, new Error('the first'));
    expect(begun).toEqual([0, 1]);
    expect(thrown).toBeUndefined();
    await end(1, new Error('the second'));
    await all;
    expect(ended).toEqual([0, 1]);
    expect(thrown).toEqual(new Error('the first'));
  });

  test('is thrown even where it is undefined', async () => {
    await expect(concurrently([0], 1, () => Promise.reject(undefined))).rejects.toBeUndefined();
  });
});

test('nothing to do is done at once, and less than one at a time is one', async () => {
  await concurrently([], 4, () => Promise.reject(new Error('never')));
  const done: number[] = [];
  await concurrently([1, 2], 0, async (item) => {
    done.push(item);
  });
  expect(done).toEqual([1, 2]);
});
