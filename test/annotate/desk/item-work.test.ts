import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currentWriting, plausibleSeconds } from '../../../src/annotate/desk/item-work.ts';
import { annotation } from './stored-annotation.ts';

const copy = {
  position: 0,
  annotator: 'Ann',
  revision: 3,
  response: 'Draft.',
  comment: '',
  note: '',
  doubtful: false,
  answers: {},
  seconds: 20,
  submitted: false,
  updatedAtMs: 500,
};

test('the text is empty at first', () => {
  expect(currentWriting(undefined, undefined)).toEqual({
    revision: 0,
    response: '',
    comment: '',
    note: '',
    doubtful: false,
    answers: {},
    seconds: 0,
    submitted: false,
    savedAtMs: null,
  });
});

test('the text is the draft, even after a label was submitted', () => {
  const { position: _, annotator: __, updatedAtMs: savedAtMs, ...text } = copy;
  const draft = { ...text, savedAtMs };
  expect(currentWriting(copy, undefined)).toEqual(draft);
  expect(currentWriting(copy, annotation({ response: 'Submitted.' }))).toEqual(draft);
});

test('the text is the latest label, also from another tool', () => {
  const elsewhere = annotation({ response: 'Elsewhere.', seconds: 31, submittedAtMs: 900 });
  expect(currentWriting(undefined, elsewhere)).toEqual({
    revision: 0,
    response: 'Elsewhere.',
    comment: '',
    note: '',
    doubtful: false,
    answers: {},
    seconds: 31,
    submitted: true,
    savedAtMs: 900,
  });
  expect(currentWriting({ ...copy, submitted: true }, elsewhere)).toMatchObject({
    revision: 3,
    response: 'Elsewhere.',
    seconds: 31,
    submitted: true,
  });
});

test('for a rejected item it is the reason and the text written before', () => {
  const rejected = annotation({ verdict: 'rejected', response: null, comment: 'No question.' });
  expect(currentWriting({ ...copy, submitted: true }, rejected)).toMatchObject({
    response: 'Draft.',
    comment: 'No question.',
    submitted: true,
  });
});

test('the time spent is what the page measured, within what was known and what has passed since', () => {
  expect(plausibleSeconds(15, 10, 60_000)).toBe(15);
  expect(plausibleSeconds(5, 10, 60_000)).toBe(10);
  expect(plausibleSeconds(1000, 10, 60_000)).toBe(70);
  expect(plausibleSeconds(1000, 10, -60_000)).toBe(10);
  expect(plausibleSeconds(Number.NaN, 10, 60_000)).toBe(10);
  expect(plausibleSeconds(Number.POSITIVE_INFINITY, 10, 60_000)).toBe(10);
});

test('any number of saves never counts more time than has passed', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(100_000), fc.double({ noNaN: true }))), (events) => {
      let [seconds, passed] = [0, 0];
      for (const [ms, measured] of events) {
        const before = seconds;
        seconds = plausibleSeconds(measured, seconds, ms);
        passed += ms;
        expect(seconds).toBeGreaterThanOrEqual(before);
        expect(seconds).toBeLessThanOrEqual(passed / 1000 + 1e-6);
      }
    }),
  );
});
