import { afterEach, expect, it, vi } from 'vitest';
import { annotatorSchema, timestampSchema } from '../../src/labels/label-shapes.ts';

afterEach(() => void vi.unstubAllEnvs());

it.each([
  ['2025-03-01T10:00:00.123456Z', Date.UTC(2025, 2, 1, 10, 0, 0, 123)],
  ['2025-03-01T10:00:00.123456', Date.UTC(2025, 2, 1, 10, 0, 0, 123)],
  ['2025-03-01 10:00:00,5', Date.UTC(2025, 2, 1, 10, 0, 0, 500)],
  ['2025-03-01T10:00', Date.UTC(2025, 2, 1, 10)],
  ['2025-03-01T10:00:00+01:30', Date.UTC(2025, 2, 1, 8, 30)],
  ['2025-03-01T10:00:00-0500', Date.UTC(2025, 2, 1, 15)],
  [' 2025-03-01 ', Date.UTC(2025, 2, 1)],
  ['', null],
  [null, null],
  [undefined, null],
])('the time %j is the same on every machine, and UTC without a zone', (text, expected) => {
  vi.stubEnv('TZ', 'America/New_York');
  expect(timestampSchema.parse(text)).toBe(expected);
});

it.each(['2025-13-01T00:00:00Z', '2025-03-01T10:00:00 or so', '1741600000', 'soon', 7])('%j is no time', (text) => {
  expect(timestampSchema.safeParse(text).success).toBe(false);
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
  expect(annotatorSchema.parse(given)).toBe(expected);
});
