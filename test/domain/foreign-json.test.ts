import { expect, it } from 'vitest';
import { JSON_LIMITS, jsonProblem, parseBoundedJson, parseForeignJson } from '../../src/domain/foreign-json.ts';

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

it('parses what is within the limits, brackets inside long texts included', () => {
  const text = JSON.stringify({ text: `\\"${'[{'.repeat(200_000)}\\`, list: [1, null, { a: true }] });
  expect(parseBoundedJson(text)).toEqual(JSON.parse(text));
  expect(parseBoundedJson(nested(JSON_LIMITS.depth))).toEqual(JSON.parse(nested(JSON_LIMITS.depth)));
});

it('refuses a flood of brackets before it is parsed', () => {
  // The parser would call this incomplete.
  expect(() => parseForeignJson('['.repeat(8 * 2 ** 20))).toThrow('it is nested more than 10,000 levels deep');
  expect(() => parseForeignJson('{"a":'.repeat(2 ** 20))).toThrow('it is nested more than 10,000 levels deep');
});

it('measures any depth without recursion', () => {
  const problem = 'it is nested more than 200 levels deep';
  expect(() => parseBoundedJson(nested(JSON_LIMITS.depth + 1))).toThrow(problem);
  let value: unknown = 1;
  for (let level = 0; level < 1_000_000; level += 1) value = { value };
  expect(jsonProblem(value)).toBe(problem);
  const endless: { self?: object } = {};
  endless.self = endless;
  expect(jsonProblem(endless)).toBe(problem);
});

it('counts fields, values and characters at every depth', () => {
  const limits = { depth: 5, fields: 3, values: 8, characters: 10 };
  const problemOf = (value: unknown) => jsonProblem(value, limits);
  expect(problemOf({ a: [1, 2, [3]], b: 'four' })).toBeUndefined();
  expect(problemOf([{ a: 1, b: 2, c: 3, d: 4 }])).toBe('it has 4 fields; the limit is 3');
  expect(
    problemOf([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  ).toBe('it holds more than 8 values');
  expect(problemOf([['sixsix'], { fiver: 1 }])).toBe('its texts have 11 characters; the limit is 10');
  expect(problemOf('eleven char')).toBe('its texts have 11 characters; the limit is 10');
});
