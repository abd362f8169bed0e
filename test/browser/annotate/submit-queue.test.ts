import { expect, it } from 'vitest';
import { type QueuedLabel, SubmitQueue } from '../../../src/annotate/page/submit-queue.ts';

function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    key: (at) => [...values.keys()][at] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    clear: () => values.clear(),
  };
}

function label(number: number): QueuedLabel {
  const request = { revision: 1, verdict: 'accepted', response: `Answer ${number}`, comment: '', seconds: 1 } as const;
  return { number, id: `it_${number}`, rank: number, request: { ...request, note: '', doubtful: false, answers: {} } };
}

it('labels that two tabs have submitted are all there after both are closed, and each is removed by its own tab', () => {
  const storage = memoryStorage();
  const tab = () => new SubmitQueue(() => storage, 'campaign', 'Ann');
  const numbers = () => tab().labels.map(({ number }) => number);
  const [first, second] = [tab(), tab()];
  const mine = label(1);
  first.add(mine);
  second.add(label(2));
  first.add(label(3));
  expect(numbers()).toEqual([1, 2, 3]);
  expect(first.labels.map(({ number }) => number)).toEqual([1, 3]);
  first.remove(mine);
  expect(numbers()).toEqual([2, 3]);
  expect(new SubmitQueue(() => storage, 'campaign', 'Bo').labels).toEqual([]);
});

it('labels last as long as the page where storage is blocked or holds something else', () => {
  const queue = new SubmitQueue(
    () => {
      throw new Error('blocked');
    },
    'campaign',
    'Ann',
  );
  queue.add(label(1));
  expect(queue.labels).toHaveLength(1);
  const storage = memoryStorage();
  const key = 'winnow queue ["campaign","Ann"]';
  for (const text of ['{', '{"a":1}', '[null,{"number":"1"}]']) {
    storage.setItem(key, text);
    expect(new SubmitQueue(() => storage, 'campaign', 'Ann').labels).toEqual([]);
  }
});
