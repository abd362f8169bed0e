import { expect, it } from 'vitest';
import { avoidedWords, avoidedWordsOfProject } from '../../scripts/plain-words.ts';

it('the project avoids words that its readers stumble over', () => {
  expect(avoidedWordsOfProject().map(({ file, line, word }) => `${file}:${line} says "${word}"`)).toEqual([]);
});

it('finds such words in sentences, comments and across lines', () => {
  const text = "throw new Error('Nobody is\nthere'); // Whoever asks\n * by word\n * of another, mended";
  expect(avoidedWords('a.ts', text).map(({ line, word }) => `${line} ${word.replace(/\s+\*?\s*/g, ' ')}`)).toEqual([
    '2 Whoever',
    '1 Nobody',
    '4 mended',
    '3 by word of',
  ]);
});
