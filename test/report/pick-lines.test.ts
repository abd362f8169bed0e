import { expect, test } from 'vitest';
import { pickLines } from '../../src/report/pick-lines.ts';
import type { ReportFacts } from '../../src/report/report-facts.ts';

/** The facts of `count` picks with long texts and the given reasons. */
function factsOf(count: number, reason: (index: number) => string): ReportFacts {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const picks = indexes.map((position) => ({
    id: `${position} ${'i'.repeat(1_000)}`,
    position,
    round: 1,
    rank: position + 1,
    reason: reason(position),
    strategy: 'random',
    score: null,
    model: null,
    costMicroUsd: 0,
    state: 'labeled',
  }));
  const instructions = indexes.map((index) => ({ instruction: `${index} ${'words of it '.repeat(50)}` }));
  const byPerson = [{ annotator: null }, { annotator: 'ann' }, { annotator: null }];
  const labels = new Map(indexes.map((index) => [index, { byPerson }]));
  return { picks, instructions, labels, evaluations: new Map() } as unknown as ReportFacts;
}

test('reasons are not cut if they fit, and people without a name are unnamed', () => {
  const reason = 'It is unlike all others. '.repeat(30).trim();
  const [line] = pickLines(factsOf(200, () => reason));
  expect(line!.reason).toBe(reason);
  expect([...line!.excerpt]).toHaveLength(140);
  expect([...line!.id]).toHaveLength(200);
  expect(line!.annotators).toEqual(['unnamed', 'ann', 'unnamed']);
});

test.each([2_000, 10_000])('%i picks with long texts and reasons are cut to fit the page', (count) => {
  const lines = pickLines(factsOf(count, (index) => `${index} <&> ${'because '.repeat(100)}`));
  expect(lines).toHaveLength(count);
  const bytes = (texts: readonly string[]) => Buffer.byteLength(JSON.stringify(texts));
  expect(bytes(lines.map(({ reason }) => reason))).toBeLessThan(750_000);
  expect(bytes(lines.map(({ excerpt }) => excerpt))).toBeLessThan(650_000);
  const [first] = lines;
  expect(first!.reason).toMatch(/^0 <&> because because.*…$/);
});
