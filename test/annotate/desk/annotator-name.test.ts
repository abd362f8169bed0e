import { expect, test } from 'vitest';
import { annotatorName } from '../../../src/annotate/desk/annotator-name.ts';
import { DeskError } from '../../../src/annotate/desk/desk-error.ts';

test.each([
  ['  Ann \t Smith\n', 'Ann Smith'],
  ['Zoe\u0308', 'Zoë'],
  ['李 小龍', '李 小龍'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['👩‍🔬', '👩‍🔬'],
  ['<b>Ann</b>', '<b>Ann</b>'],
])('%j becomes %j', (given, name) => {
  expect(annotatorName(given)).toBe(name);
  expect(annotatorName(name)).toBe(name);
});

test.each([
  ['', 'NAME_MISSING'],
  [' \u00a0\t\n', 'NAME_MISSING'],
  ['Ann\u0007', 'NAME_UNUSABLE'],
  ['Ann\0', 'NAME_UNUSABLE'],
  ['\u001b[31mAnn', 'NAME_UNUSABLE'],
  ['nnA\u202e', 'NAME_UNUSABLE'],
  ['An\u200bn', 'NAME_UNUSABLE'],
  ['Ann\ud83d', 'NAME_UNUSABLE'],
  ['An\u00adn', 'NAME_UNUSABLE'],
  ['Ann\u3164', 'NAME_UNUSABLE'],
  ['Ann\u061c', 'NAME_UNUSABLE'],
  ['Ann\u{e0041}', 'NAME_UNUSABLE'],
  ['\u2800', 'NAME_UNUSABLE'],
  ['\u200d', 'NAME_UNUSABLE'],
  ['(not named)', 'NAME_UNUSABLE'],
  ['x'.repeat(61), 'NAME_TOO_LONG'],
  ['x'.repeat(2_000_000), 'NAME_TOO_LONG'],
])('%j is refused: %s', (given, code) => {
  expect(() => annotatorName(given)).toThrow(expect.objectContaining({ code, hint: expect.stringMatching(/\S/) }));
  expect(() => annotatorName(given)).toThrow(DeskError);
});

test('sixty characters are allowed, even if each takes two units', () => {
  expect(annotatorName('🦜'.repeat(60))).toHaveLength(120);
  expect(() => annotatorName('🦜'.repeat(61))).toThrow(/longer than 60 characters/);
});
