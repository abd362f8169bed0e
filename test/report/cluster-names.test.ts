import { describe, expect, test } from 'vitest';
import { clusterNames } from '../../src/report/cluster-names.ts';

describe('clusters', () => {
  test('are named by the words that most of their texts have and few others do', () => {
    const texts = [
      'Write a poem about the sea and its waves',
      'A poem on waves, please',
      'The sea in one poem',
      'Sort these numbers: 3, 1, 2 in Python',
      'Python code that sums numbers',
      'How do I sort numbers?',
    ];
    const names = clusterNames(texts, [0, 0, 0, 1, 1, 1], 2).map((name) => name.split(', '));
    expect(names[0]![0]).toBe('poem');
    expect(names[1]![0]).toBe('numbers');
    expect(names[0]).toEqual(expect.arrayContaining(['sea', 'waves']));
    expect(names[1]).toEqual(expect.arrayContaining(['python', 'sort']));
  });

  test('say each word in one form only', () => {
    const texts = ['food and foods to cook', 'foods, a food one may cook', 'planes', 'trains'];
    expect(clusterNames(texts, [0, 0, 1, 1], 2)).toEqual(['cook, food', 'planes, trains']);
  });

  test('without a word of their own are named by their number', () => {
    expect(clusterNames(['the same', 'the same', '!!! 12 \u202E'], [0, 1, 2], 3)).toEqual([
      'cluster 1',
      'cluster 2',
      'cluster 3',
    ]);
  });

  test('are named from the beginnings of texts, by words alone', () => {
    const hostile = `<img src=x onerror=alert(1)> \u001b[31m constructor __proto__ ${'a'.repeat(5_000)}`;
    for (const name of clusterNames([hostile, 'a plain text'], [0, 1], 2)) {
      expect(name).toMatch(/^[\p{L}\p{N} ,'’-]{1,80}$/u);
    }
  });
});
