import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unreadShare, unreadWords } from '../../src/text/unread-script.ts';

it.each([
  ['Write a haiku about snow.', 0],
  ['Écris un poème sur l’hiver à Québec – « vite »…', 0],
  ['What is π, and what does Δx mean?', 0],
  ['Congratulate my sister 🎉🎂', 0],
  ['2 + 2 = 4', 0],
  ['', 0],
  ['ทำไมท้องฟ้าจึงเป็นสีฟ้า', 1],
  ['🍕🎉🎂', 1],
  ['为什么？', 1],
  // A note, which is made of marks.
  ['\u{1d158}\u{1d165}\u{1d16e}', 1],
])('says how much of %j is in another script', (text, share) => {
  expect(unreadShare(text)).toBe(share);
});

it.each([
  ['Write a haiku about snow.', ''],
  ['What is π, and what is the sine of αβ? It is Word™ ✓ – naïve', ''],
  ['Say /ˈθɪŋ/ and H₂O', ''],
  ['What does お握り mean, what สวัสดี and what да?', 'お握り สวัสดี да'],
  ['Is it Ἀθῆναι, ကား or й?', 'ကား'],
  ['A party 🎉🎂 in 🇫🇷 ❤️', '🎉🎂 🇫🇷 ❤️'],
])('finds in %j the words %j', (text, words) => {
  expect(unreadWords(text)).toBe(words);
});

it('weighs a sign for a word as two letters', () => {
  expect(unreadShare('word 字')).toBeCloseTo(2 / 6);
});

it('is 0, or from 0.1 to 1, for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const share = unreadShare(text);
      expect(share === 0 || (share >= 0.1 && share <= 1)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
