import { expect, it } from 'vitest';
import { maskSecret } from '../../src/domain/mask-secret.ts';

const KEY = 'sk-Ab/Cd+ef"gh12345=';
const broken = `${KEY.slice(0, 8)}\r\n  ${KEY.slice(8)}`;

it.each([
  ['as it is', KEY],
  ['in capitals', KEY.toUpperCase()],
  ['in small letters', KEY.toLowerCase()],
  ['broken into lines', broken],
  ['broken into lines, in JSON', JSON.stringify(broken).slice(1, -1)],
  ['in JSON within JSON', JSON.stringify(JSON.stringify(KEY)).slice(3, -3)],
  ['broken into lines, in JSON within JSON', JSON.stringify(JSON.stringify(broken)).slice(3, -3)],
  ['with a space after each character', [...KEY].join(' ')],
  ['in JSON', JSON.stringify(KEY).slice(1, -1)],
  ['percent-encoded', encodeURIComponent(KEY)],
  ['percent-encoded in small letters', encodeURIComponent(KEY).toLowerCase()],
  ['percent-encoded twice', encodeURIComponent(encodeURIComponent(KEY))],
])('a key is masked %s', (_, written) => {
  expect(maskSecret(`Wrong key ${written}, try again: ${written}!`, KEY)).toBe('Wrong key [key], try again: [key]!');
});

it('a login in base64 keeps what is around the key', () => {
  const login = Buffer.from(`user:${KEY}`).toString('base64');
  const masked = maskSecret(`Basic ${login}`, KEY);
  expect(masked).toMatch(/^Basic .{0,10}\[key\].{0,4}$/);
});

it('nothing else changes', () => {
  const text = 'sk-Ab/Cd\n\n+ef \\n "gh1234" İ ß \ud83d';
  expect(maskSecret(text, KEY)).toBe(text);
  expect(maskSecret('a word', 'word')).toBe('a word');
});

it('time is linear in gaps, backslashes and beginnings of the key', () => {
  for (const part of ['s ', '\\', 'sk-Ab/', '\\n'])
    expect(maskSecret(part.repeat(300_000), KEY)).toHaveLength(part.length * 300_000);
});
