import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clusterNames } from '../../src/report/cluster-names.ts';
import { excerpt, excerptsWithin } from '../../src/report/excerpt.ts';

const PIECE = fc.constantFrom(
  ...[
    'a',
    'é',
    '字',
    '😀',
    ' ',
    '\n',
    '\t',
    '\u001b[31m',
    '\u001b]0;',
    '\u0007',
    '\u0000',
    '\u009b',
    '\u202E',
    '\u2066',
  ],
  ...['\u200d', '\u2028', '\ufeff', '\u00ad', '\ue000', '\ud800', '\udc00', '\ufffd', '…', '<', '\u{e0041}'],
);

describe('an excerpt', () => {
  test('is one clean, well-formed line of bounded length, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: PIECE, maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (text, most) => {
        const line = excerpt(text, most);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect([...line].length).toBeLessThanOrEqual(most);
        expect(line).toBe(line.trim());
      }),
    );
  });

  test('is the text itself where that is short and clean', () => {
    expect(excerpt('What is 2 + 2?', 14)).toBe('What is 2 + 2?');
    expect(excerpt('What is 2 + 2?', 13)).toBe('What is 2 +…');
    expect(excerpt(' two\n\tlines\u2028and more ', 40)).toBe('two lines and more');
    expect(excerpt('\u001b]0;title\u0007\u001b[31mred\u001b[0m', 40)).toBe('red');
    expect(excerpt('👩‍🚀 in space', 40)).toBe('👩🚀 in space');
  });

  test('says that there is more where only what cannot be seen was looked at', () => {
    expect(excerpt(`${' '.repeat(100_000)}at last`, 20)).toBe('…');
  });
});

test('excerpts of many texts are shorter, all alike, until they have room together', () => {
  const texts = Array.from({ length: 10 }, () => 'x'.repeat(100));
  const lengths = (room: number, some = texts) => excerptsWithin(some, room, [80, 40, 20]).map((text) => text.length);
  expect(lengths(10_000)).toEqual(new Array(10).fill(80));
  expect(lengths(500)).toEqual(new Array(10).fill(40));
  // What has to be escaped in the page needs more.
  const marked = texts.map((text) => text.replaceAll('x', '<'));
  expect(lengths(900)).toEqual(new Array(10).fill(80));
  expect(lengths(900, marked)).toEqual(new Array(10).fill(20));
  // There is no less than the least.
  expect(lengths(1)).toEqual(new Array(10).fill(20));
});

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
