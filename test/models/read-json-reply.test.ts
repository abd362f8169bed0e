import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplyError } from '../../src/domain/errors.ts';
import { readJsonReply } from '../../src/models/read-json-reply.ts';

const read = (value: unknown): number => {
  const { mark } = value as { mark?: unknown };
  if (typeof mark !== 'number') throw new ReplyError('it has no mark.');
  return mark;
};
const problemOf = (text: string) => {
  try {
    return readJsonReply(text, read);
  } catch (error) {
    return (error as ReplyError).problem;
  }
};

describe('the JSON object of a reply', () => {
  it.each([
    ['alone', '{"mark": 7}'],
    ['in a fence', 'Sure:\n```json\n{"mark": 7}\n```\nAnything else?'],
    ['after thinking with braces', '<think>\nThe form is {"mark": …}, and {it} looks fine.\n</think>\n{"mark": 7}'],
    ['after thinking that has another object', '<think>Maybe {"mark": 2}?</think>{"mark": 7}'],
    ['after thinking without its opening mark', 'Maybe {"mark": 2}? No.\n</think>\n\n{"mark": 7}'],
    ['after an example in prose', 'You ask for {"mark": <number>}. My answer is {"mark": 7}'],
    ['after an object of another form', 'Given {"text": "a {brace}"}: {"mark": 7}'],
    ['before other braces', '{"mark": 7}\nHere {mark} is out of {10}.'],
    ['before a brace that is never closed', '{"mark": 7} :-{'],
    ['after a brace that is never closed', 'Set { first. {"mark": 7} }'],
    ['said twice', '{"mark": 7} In short: {"mark":7}'],
    ['with braces and quotes in its texts', 'So: {"why": "a \\"}\\" {", "mark": 7} and {so} on'],
  ])('is found %s', (_, text) => {
    expect(problemOf(text)).toBe(7);
  });

  it('is not chosen among several that differ', () => {
    expect(problemOf('{"mark": 7} or {"mark": 8}')).toMatch(/^its JSON cannot be parsed/);
  });

  it('is not made of a part of a broken one', () => {
    expect(problemOf('{"all": [{"mark": 7},]} and {so} on')).toMatch(/^its JSON cannot be parsed/);
  });

  it('says what is wrong with the only one', () => {
    expect(problemOf('Well, {"grade": 7}.')).toBe('it has no mark.');
  });

  it('is searched in reasonable time, however many braces there are', () => {
    expect(problemOf(`${'{"'.repeat(200_000)}}`)).toMatch(/^its JSON cannot be parsed/);
  });

  it('is found in any prose that holds no object', () => {
    const prose = fc.string().map((text) => text.replaceAll('"', "'"));
    fc.assert(
      fc.property(prose, prose, fc.integer(), (before, after, mark) => {
        fc.pre(!/think|thought/i.test(before));
        expect(problemOf(`${before} {"mark":${mark}} ${after}`)).toBe(mark);
      }),
    );
  });
});
