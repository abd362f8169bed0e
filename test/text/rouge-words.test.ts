import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_CHARACTERS, MOST_WORDS, rougeWords } from '../../src/text/rouge-words.ts';

describe('the words ROUGE compares', () => {
  it('are the tokens of rouge_score, unstemmed, for ASCII texts', () => {
    const reference = (text: string) =>
      text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, ' ')
        .split(' ')
        .filter((word) => word !== '');
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 200 }), (text) => {
        expect(rougeWords(text)).toEqual(reference(text));
      }),
    );
  });

  it.each([
    ["Don't STOP_me: 3.14!", ['don', 't', 'stop', 'me', '3', '14']],
    ['naïve Straße', ['naïve', 'straße']],
    ['Привет, мир ١٢', ['привет', 'мир', '١٢']],
    ['हिन्दी में', ['हिन्दी', 'में']],
    ['한국어 문장', ['한국어', '문장']],
    ['我爱北京。', ['我', '爱', '北', '京']],
    ['GPT4とコーヒー', ['gpt4', 'と', 'コ', 'ー', 'ヒ', 'ー']],
    ['น้ำ', ['น้', 'ำ']],
    ['\u0301 … 🙂', []],
    ['', []],
    ['a\0b\ud800c\u202ed', ['a', 'b', 'c', 'd']],
  ])('of %j are %j', (text, words) => {
    expect(rougeWords(text)).toEqual(words);
  });

  it('are the same however a letter is composed', () => {
    expect(rougeWords('nai\u0308ve cafe\u0301 \u1112\u1161\u11ab')).toEqual(['naïve', 'café', '한']);
  });

  it('are in any text letters and digits with their marks, and nothing of these is lost', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        const words = rougeWords(text);
        expect(words.filter((word) => !/^[\p{L}\p{N}][\p{L}\p{N}\p{M}]*$/u.test(word))).toEqual([]);
        const letters = (given: string) => given.normalize('NFD').replace(/[^\p{L}\p{N}]/gu, '');
        expect(letters(words.join(' '))).toBe(letters(text.toLowerCase()));
      }),
    );
  });

  it('end where a text grows long, and are found at once in the strangest text', () => {
    expect(rougeWords('word '.repeat(2 * MOST_WORDS))).toHaveLength(MOST_WORDS);
    expect(rougeWords(`${' '.repeat(MOST_CHARACTERS)}word`)).toEqual([]);
    // Composed as a whole this takes minutes.
    const marks = `e${'\u0301'.repeat(MOST_CHARACTERS)}${'\u0334'.repeat(MOST_CHARACTERS)}`;
    expect(rougeWords(marks)).toEqual([marks.slice(0, MOST_CHARACTERS)]);
  });
});
