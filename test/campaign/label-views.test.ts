import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelsByPosition, personOf, type WinnerRule } from '../../src/campaign/label-views.ts';
import type { StoredAnnotation } from '../../src/store/label-store.ts';

function said(id: number, given: Partial<StoredAnnotation> = {}): StoredAnnotation {
  const verdict = given.verdict ?? 'accepted';
  return {
    id,
    position: 0,
    verdict,
    response: verdict === 'accepted' ? `response ${id}` : null,
    annotator: null,
    seconds: null,
    submittedAtMs: null,
    sourceId: null,
    costMicroUsd: 0,
    ...given,
  };
}

function viewOf(rule: WinnerRule, ...annotations: StoredAnnotation[]) {
  const view = labelsByPosition(annotations, rule).get(0)!;
  return { state: view.state, winner: view.winner.id, byPerson: view.byPerson.map(({ id }) => id) };
}

describe('one person', () => {
  test.each(['latest', 'first'] as const)(
    'has the last word on their own work, where the %s of several counts',
    (rule) => {
      const annotator = 'ann';
      expect(viewOf(rule, said(1, { annotator }), said(2, { annotator }))).toEqual({
        state: 'labeled',
        winner: 2,
        byPerson: [2],
      });
    },
  );

  test('may take an answer back, and give one after a skip', () => {
    const annotator = 'ann';
    const answer = said(1, { annotator });
    expect(viewOf('latest', answer, said(2, { annotator, verdict: 'rejected' })).state).toBe('rejected');
    expect(viewOf('latest', answer, said(2, { annotator, verdict: 'skipped' })).state).toBe('skipped');
    expect(viewOf('latest', said(1, { annotator, verdict: 'skipped' }), said(2, { annotator })).state).toBe('labeled');
  });

  test('said last what was submitted last, in any order of import', () => {
    const annotator = 'ann';
    const late = said(1, { annotator, submittedAtMs: 20 });
    expect(viewOf('latest', late, said(2, { annotator, submittedAtMs: 10 })).winner).toBe(1);
    expect(viewOf('latest', late, said(2, { annotator, submittedAtMs: 20 })).winner).toBe(2);
  });

  test('said last what was taken in last where a time is missing', () => {
    const annotator = 'ann';
    expect(viewOf('latest', said(1, { annotator, submittedAtMs: 20 }), said(2, { annotator })).winner).toBe(2);
    expect(viewOf('latest', said(1, { annotator }), said(2, { annotator, submittedAtMs: 20 })).winner).toBe(2);
  });
});

describe('several people', () => {
  const [ann, bob, eve] = ['ann', 'bob', 'eve'].map((annotator) => ({ annotator }));

  test('are all kept, in the order they first spoke', () => {
    const view = viewOf('latest', said(1, bob), said(2, ann), said(3, bob), said(4, eve));
    expect(view.byPerson).toEqual([3, 2, 4]);
  });

  test('are ordered by the time of submission, not of import', () => {
    const answers = [said(1, { ...ann, submittedAtMs: 30 }), said(2, { ...bob, submittedAtMs: 10 })];
    expect(viewOf('latest', ...answers).winner).toBe(1);
    expect(viewOf('first', ...answers).winner).toBe(2);
  });

  test('are ordered by import where times are unknown or equal', () => {
    for (const submittedAtMs of [null, 5]) {
      const answers = [said(1, { ...ann, submittedAtMs }), said(2, { ...bob, submittedAtMs })];
      expect(viewOf('latest', ...answers).winner).toBe(2);
      expect(viewOf('first', ...answers).winner).toBe(1);
    }
  });

  test.each(['latest', 'first'] as const)('who answer or reject count for more than those who skip (%s)', (rule) => {
    const skipped = { verdict: 'skipped' } as const;
    const middle = said(2, { ...bob, verdict: 'rejected' });
    expect(viewOf(rule, said(1, { ...ann, ...skipped }), middle, said(3, { ...eve, ...skipped }))).toMatchObject({
      state: 'rejected',
      winner: 2,
    });
  });

  test('who disagree on whether it is any good are decided between by the rule', () => {
    const both = [said(1, ann), said(2, { ...bob, verdict: 'rejected' })];
    expect(viewOf('latest', ...both).state).toBe('rejected');
    expect(viewOf('first', ...both).state).toBe('labeled');
  });
});

test('people are told by their names, else by the ids of what was said, else there is one', () => {
  expect(personOf({ annotator: 'ann', sourceId: '1' })).toBe(personOf({ annotator: 'ann', sourceId: '2' }));
  expect(personOf({ annotator: null, sourceId: '1' })).not.toBe(personOf({ annotator: null, sourceId: '2' }));
  expect(personOf({ annotator: '1', sourceId: null })).not.toBe(personOf({ annotator: null, sourceId: '1' }));
  expect(personOf({ annotator: '', sourceId: null })).not.toBe(personOf({ annotator: null, sourceId: null }));
  expect(viewOf('latest', said(1), said(2)).byPerson).toEqual([2]);
});

test('each item has its own view, and the annotation that counts is the last one of a person', () => {
  const annotation = fc.record({
    position: fc.nat(3),
    verdict: fc.constantFrom('accepted' as const, 'rejected' as const, 'skipped' as const),
    annotator: fc.option(fc.constantFrom('ann', 'bob')),
    submittedAtMs: fc.option(fc.nat(4)),
    sourceId: fc.option(fc.constantFrom('1', '2')),
  });
  fc.assert(
    fc.property(fc.array(annotation), fc.constantFrom<WinnerRule>('latest', 'first'), (given, rule) => {
      const annotations = given.map((one, index) => said(index + 1, one));
      const views = labelsByPosition(annotations, rule);
      expect([...views.keys()].sort()).toEqual([...new Set(given.map(({ position }) => position))].sort());
      for (const [position, { winner, byPerson, state }] of views) {
        const people = annotations.filter((one) => one.position === position).map(personOf);
        expect(byPerson.map(personOf)).toEqual([...new Set(people)]);
        expect(byPerson).toContain(winner);
        expect(byPerson.every((one) => one.position === position)).toBe(true);
        expect(state).toBe(winner.verdict === 'accepted' ? 'labeled' : winner.verdict);
        expect(state === 'skipped').toBe(byPerson.every(({ verdict }) => verdict === 'skipped'));
      }
    }),
  );
});
