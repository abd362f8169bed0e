import fc from 'fast-check';
import { expect, test } from 'vitest';
import { believedSeconds, presentWriting } from '../../../src/annotate/desk/item-work.ts';
import { said } from './stored-annotation.ts';

const copy = {
  position: 0,
  annotator: 'Ann',
  revision: 3,
  response: 'Begun.',
  comment: '',
  seconds: 20,
  submitted: false,
  updatedAtMs: 500,
};

test('is blank at first', () => {
  expect(presentWriting(undefined, undefined)).toEqual({
    revision: 0,
    response: '',
    comment: '',
    seconds: 0,
    submitted: false,
    savedAtMs: null,
  });
});

test('is what was begun, also after something was submitted', () => {
  const begun = { revision: 3, response: 'Begun.', comment: '', seconds: 20, submitted: false, savedAtMs: 500 };
  expect(presentWriting(copy, undefined)).toEqual(begun);
  expect(presentWriting(copy, said({ response: 'Submitted.' }))).toEqual(begun);
});

test('is what was submitted last, in another tool if need be', () => {
  const elsewhere = said({ response: 'Elsewhere.', seconds: 31, submittedAtMs: 900 });
  expect(presentWriting(undefined, elsewhere)).toEqual({
    revision: 0,
    response: 'Elsewhere.',
    comment: '',
    seconds: 31,
    submitted: true,
    savedAtMs: 900,
  });
  expect(presentWriting({ ...copy, submitted: true }, elsewhere)).toMatchObject({
    revision: 3,
    response: 'Elsewhere.',
    seconds: 31,
    submitted: true,
  });
});

test('of what was turned down is the reason, and what was written all the same', () => {
  const rejected = said({ verdict: 'rejected', response: null, comment: 'No question.' });
  expect(presentWriting({ ...copy, submitted: true }, rejected)).toMatchObject({
    response: 'Begun.',
    comment: 'No question.',
    submitted: true,
  });
});

test('time at work is what the page says, within what was known and what has gone by since', () => {
  expect(believedSeconds(15, 10, 60_000)).toBe(15);
  expect(believedSeconds(5, 10, 60_000)).toBe(10);
  expect(believedSeconds(1000, 10, 60_000)).toBe(70);
  expect(believedSeconds(1000, 10, -60_000)).toBe(10);
  expect(believedSeconds(Number.NaN, 10, 60_000)).toBe(10);
  expect(believedSeconds(Number.POSITIVE_INFINITY, 10, 60_000)).toBe(10);
});

test('however often it is told, no more time is believed than has gone by', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(100_000), fc.double({ noNaN: true }))), (events) => {
      let [seconds, passed] = [0, 0];
      for (const [ms, told] of events) {
        const before = seconds;
        seconds = believedSeconds(told, seconds, ms);
        passed += ms;
        expect(seconds).toBeGreaterThanOrEqual(before);
        expect(seconds).toBeLessThanOrEqual(passed / 1000 + 1e-6);
      }
    }),
  );
});
