import { expect, it } from 'vitest';
import { unreadShare } from '../../src/text/unread-script.ts';

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
])('says how much of %j is in another script', (text, share) => {
  expect(unreadShare(text)).toBe(share);
});

it('weighs a sign for a word as two letters', () => {
  expect(unreadShare('word 字')).toBeCloseTo(2 / 6);
});
