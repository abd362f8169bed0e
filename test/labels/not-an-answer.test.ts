import { describe, expect, it } from 'vitest';
import { notAnAnswer } from '../../src/labels/not-an-answer.ts';
import { decode } from './label-tasks.ts';

describe('what programs write in place of an answer', () => {
  it.each([
    ...['#NAME?', '#VALUE!', '#REF!', '#DIV/0!', '#N/A', '#NULL!', '#NUM!', '#SPILL!', '#WERT!', '#NOMBRE?', '#NV'],
    ...['#¡VALOR!', '#ДЕЛ/0!', 'Err:502', '########', 'nan', 'NaN', ' nan ', '<NA>', '[object Object]'],
  ])('%j is no answer in any file', (text) => {
    expect(notAnAnswer(text, true)).toMatch(/^its response is /);
    expect(notAnAnswer(text, false)).toMatch(/^its response is /);
  });

  it.each([
    ...[
      'None',
      'null',
      'NULL',
      'undefined',
      'N/A',
      '["a", "b"]',
      '{"text": ["a"]}',
      "['a', 'b']",
      "{'text': 'a'}",
      '[]',
    ],
  ])('%j is no answer in a cell, and may be one elsewhere', (text) => {
    expect(notAnAnswer(text, true)).toMatch(/^its response is /);
    expect(notAnAnswer(text, false)).toBeUndefined();
  });

  it.each([
    ...[
      '#1',
      '#winning',
      'None of them.',
      'Nan is a city.',
      '[1] See below',
      '{a} and {b}',
      '= 4',
      '#NAME? is an error',
    ],
    ...['[a](https://example.org)', '- one\n- two', '{', "['", '5'],
  ])('%j is an answer', (text) => {
    expect(notAnAnswer(text, true)).toBeUndefined();
  });

  it('is refused with its place, and is neither a label nor untouched', () => {
    const { annotations, untouched, foreign } = decode('csv', 'id,response\n1,#NAME?\n2,Rhine\n3,nan\n', 'a.csv');
    expect(annotations.map(({ itemId }) => itemId)).toEqual(['2']);
    expect(untouched).toEqual([]);
    expect(foreign).toEqual([
      { place: 'row 2', cause: 'its response is #NAME?, an error of a spreadsheet' },
      { place: 'row 4', cause: 'its response is nan, which some programs write for an empty value' },
    ]);
  });
});

it('takes JSON in a cell where the user named the column', () => {
  expect(notAnAnswer('{"city": "Rome"}', true)).toContain('list or object written as text');
  expect(notAnAnswer('{"city": "Rome"}', true, true)).toBeUndefined();
  expect(notAnAnswer('#NAME?', true, true)).toContain('an error of a spreadsheet');
});
