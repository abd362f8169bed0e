import { afterEach, expect, it, vi } from 'vitest';
import { readSideFields } from '../../src/labels/label-shapes.ts';

const timeOf = (given: unknown) => {
  const { submittedAtMs, warnings } = readSideFields({ given }, { submittedAtMs: ['given'] });
  return [submittedAtMs, warnings];
};

afterEach(() => void vi.unstubAllEnvs());

it.each([
  ['2025-03-01T10:00:00.123456Z', Date.UTC(2025, 2, 1, 10, 0, 0, 123)],
  ['2025-03-01T10:00:00.123456', Date.UTC(2025, 2, 1, 10, 0, 0, 123)],
  ['2025-03-01 10:00:00,5', Date.UTC(2025, 2, 1, 10, 0, 0, 500)],
  ['2025-03-01T10:00', Date.UTC(2025, 2, 1, 10)],
  ['2025-03-01T10:00:00+01:30', Date.UTC(2025, 2, 1, 8, 30)],
  ['2025-03-01T10:00:00-0500', Date.UTC(2025, 2, 1, 15)],
  ['2025-03-01 10:00:00+00', Date.UTC(2025, 2, 1, 10)],
  ['2025-03-01 10:00:00.123456+01', Date.UTC(2025, 2, 1, 9, 0, 0, 123)],
  [1740823200, Date.UTC(2025, 2, 1, 10)],
  [1740823200123, Date.UTC(2025, 2, 1, 10, 0, 0, 123)],
  [' 2025-03-01 ', Date.UTC(2025, 2, 1)],
  ['', null],
  [null, null],
  [undefined, null],
])('the time %j is the same on every machine, and UTC without a zone', (text, expected) => {
  vi.stubEnv('TZ', 'America/New_York');
  expect(timeOf(text)).toEqual([expected, []]);
});

it.each(['2025-13-01T00:00:00Z', '2025-03-01T10:00:00 or so', '31.01.2025 09:30', '1741600000', 'soon', 7, {}])(
  '%j is no time, which is said and costs nothing else',
  (text) => {
    const [time, [warning, ...others]] = timeOf(text) as [null, string[]];
    expect([time, others]).toEqual([null, []]);
    expect(warning).toContain('not a time such as 2025-01-31T09:30:00Z');
  },
);

it.each([
  ['12.5', false, 12.5],
  [' 7 ', false, 7],
  [0, false, 0],
  ['12,5', false, 12.5],
  ['12,5', true, 12.5],
  ['8,0', true, 8],
  ['1.250,5', true, 1250.5],
  ['1,250', true, 1.25],
  ['1,250', false, null],
  ['1.250', true, null],
  ['-1', false, null],
  ['12 s', false, null],
  ['Infinity', false, null],
  [[3], false, null],
])('the duration %j, in a table with semicolons: %j, is %j seconds', (given, decimalComma, expected) => {
  const { seconds, warnings } = readSideFields({ given }, { seconds: ['given'] }, { decimalComma });
  expect(seconds).toBe(expected);
  expect(warnings).toHaveLength(expected === null ? 1 : 0);
});

it.each([
  [1, '1'],
  ['ann', 'ann'],
  [{ id: 3, email: 'a@b.c', first_name: 'A' }, 'a@b.c'],
  [{ id: 3, email: '' }, '3'],
  [{}, null],
  [' ', null],
  [null, null],
  [undefined, null],
])('the annotator %j is %j', (given, expected) => {
  expect(readSideFields({ given }, { annotator: ['given'] }).annotator).toBe(expected);
});
