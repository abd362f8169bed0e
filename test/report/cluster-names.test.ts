import { describe, expect, test } from 'vitest';
import { clusterNames } from '../../src/report/cluster-names.ts';

describe('cluster names', () => {
  test('are words that most texts of the cluster have and few others do', () => {
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

  test('have only one form of each word', () => {
    const texts = ['food and foods to cook', 'foods, a food one may cook', 'planes', 'trains'];
    expect(clusterNames(texts, [0, 0, 1, 1], 2)).toEqual(['cook, food', 'planes, trains']);
  });

  test('are numbers for clusters without characteristic words', () => {
    expect(clusterNames(['the same', 'the same', '!!! 12 \u202E'], [0, 1, 2], 3)).toEqual([
      'cluster 1',
      'cluster 2',
      'cluster 3',
    ]);
  });

  test('come from the beginnings of texts, and have only words', () => {
    const hostile = `<img src=x onerror=alert(1)> \u001b[31m constructor __proto__ ${'a'.repeat(5_000)}`;
    for (const name of clusterNames([hostile, 'a plain text'], [0, 1], 2)) {
      expect(name).toMatch(/^[\p{L}\p{N} ,'’-]{1,80}$/u);
    }
  });
});
