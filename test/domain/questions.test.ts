import { describe, expect, it } from 'vitest';
import {
  codePoints,
  firstUnanswered,
  type Question,
  readAnswer,
  readAnswers,
  sameAnswers,
  utf16Position,
} from '../../src/domain/questions.ts';

const base = { ask: 'What?', required: true };
const RATING: Question = { ...base, name: 'quality', kind: 'rating', from: 1, to: 5 };
const CHOICE: Question = { ...base, name: 'language', kind: 'choice', options: ['en', 'de'] };
const CHOICES: Question = { ...base, name: 'faults', kind: 'choices', options: ['wrong', 'long', 'rude'] };
const ANSWERS = [
  { name: 'a', text: 'One' },
  { name: 'b', text: 'Two' },
];
const RANKING: Question = { ...base, name: 'best', kind: 'ranking', answers: ANSWERS };
const SPAN: Question = { ...base, name: 'errors', kind: 'span', text: 'a🙂bc', labels: ['wrong', 'odd'] };
const TEXT: Question = { ...base, name: 'remark', kind: 'text' };

describe('an answer', () => {
  it.each([
    [RATING, 3, 3],
    [CHOICE, 'de', 'de'],
    [CHOICES, ['long', 'wrong'], ['wrong', 'long']],
    [RANKING, ['b', 'a'], ['b', 'a']],
    [TEXT, 'Hm.\ud800', 'Hm.\ufffd'],
    [
      SPAN,
      [
        { start: 2, end: 4, label: 'odd' },
        { start: 1, end: 2, label: 'wrong' },
        { start: 1, end: 2, label: 'wrong' },
      ],
      [
        { start: 1, end: 2, label: 'wrong' },
        { start: 2, end: 4, label: 'odd' },
      ],
    ],
  ])('to %j may be %j', (question, given, answer) => expect(readAnswer(question, given)).toEqual(answer));

  it.each([RATING, CHOICE, CHOICES, RANKING, SPAN, TEXT])('to %j may be missing', (question) => {
    for (const nothing of [null, undefined, '', []]) expect(readAnswer(question, nothing)).toBeNull();
  });

  it.each([
    [RATING, 0],
    [RATING, 6],
    [RATING, 2.5],
    [RATING, '3'],
    [CHOICE, 'fr'],
    [CHOICE, ['en']],
    [CHOICES, ['wrong', 'wrong']],
    [CHOICES, ['rough']],
    [CHOICES, 'wrong'],
    [RANKING, ['a']],
    [RANKING, ['a', 'a']],
    [RANKING, ['a', 'c']],
    [SPAN, [{ start: 0, end: 5, label: 'odd' }]],
    [SPAN, [{ start: 1, end: 1, label: 'odd' }]],
    [SPAN, [{ start: -1, end: 1, label: 'odd' }]],
    [SPAN, [{ start: 0, end: 1, label: 'even' }]],
    [SPAN, [null]],
    [TEXT, 7],
    [TEXT, 'x'.repeat(10_001)],
  ])('to %j is not %j', (question, given) => expect(readAnswer(question, given)).toBeUndefined());
});

it('Answers come in the order of the questions, and unknown names are invalid', () => {
  const { answers, invalid } = readAnswers([RATING, CHOICE], { language: 'en', quality: 4, other: 1 });
  expect(JSON.stringify(answers)).toBe('{"quality":4,"language":"en"}');
  expect(invalid).toEqual(['other']);
  expect(readAnswers([RATING], JSON.parse('{"__proto__": 1, "quality": 9}'))).toEqual({
    answers: {},
    invalid: ['__proto__', 'quality'],
  });
});

it('The first question that needs an answer is found', () => {
  const questions = [{ ...TEXT, required: false }, RATING, CHOICE];
  expect(firstUnanswered(questions, {})).toBe(RATING);
  expect(firstUnanswered(questions, { quality: 1 })).toBe(CHOICE);
  expect(firstUnanswered(questions, { quality: 1, language: 'en' })).toBeUndefined();
});

it('Answers are the same in any order of names', () => {
  expect(sameAnswers({ a: 1, b: ['x'] }, { b: ['x'], a: 1 })).toBe(true);
  expect(sameAnswers({ a: 1 }, { a: 2 })).toBe(false);
});

it('Positions count code points', () => {
  expect([codePoints('a🙂b'), codePoints('a🙂b', 3), utf16Position('a🙂b', 2)]).toEqual([3, 2, 3]);
});
