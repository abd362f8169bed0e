import { expect, test } from 'vitest';
import { personFigures } from '../../../src/annotate/desk/person-figures.ts';
import { labelsByPosition } from '../../../src/campaign/label-views.ts';
import { said } from './stored-annotation.ts';

test('each person’s figures: last words counted, all work paid, the time of the last sign of life', () => {
  const annotations = [
    said({ position: 1, seconds: 10, costMicroUsd: 5, submittedAtMs: 100 }),
    said({ position: 1, seconds: 30, costMicroUsd: 2, submittedAtMs: 300, verdict: 'rejected', response: null }),
    said({ position: 2, seconds: 50, costMicroUsd: 9, submittedAtMs: 200 }),
    said({ position: 3, annotator: 'Ben', verdict: 'skipped', response: null, costMicroUsd: 1 }),
    said({ position: 4, annotator: null, sourceId: 'x' }),
    said({ position: 4, annotator: null, sourceId: 'y', seconds: 4 }),
  ];
  const lastWords = [...labelsByPosition(annotations, 'latest').values()].flatMap(({ byPerson }) => byPerson);
  const begun = [
    { annotator: 'Ben', updatedAtMs: 700 },
    { annotator: 'Cleo', updatedAtMs: 50 },
  ];
  const holds = [
    { position: 9, annotator: 'Ann', sinceMs: 400, untilMs: 1000 },
    { position: 8, annotator: 'Ann', sinceMs: 350, untilMs: 1100 },
  ];
  const nothing = { answered: 0, rejected: 0, skipped: 0, begun: 0, seconds: 0, medianSeconds: null };
  const unpaid = { costMicroUsd: 0, lastAtMs: null, at: null };
  expect(personFigures(annotations, lastWords, begun, holds)).toEqual([
    { ...nothing, ...unpaid, annotator: '(not named)', answered: 2, seconds: 4, medianSeconds: 4 },
    {
      annotator: 'Ann',
      answered: 1,
      rejected: 1,
      skipped: 0,
      begun: 0,
      seconds: 80,
      medianSeconds: 40,
      costMicroUsd: 16,
      lastAtMs: 400,
      at: 8,
    },
    { ...nothing, ...unpaid, annotator: 'Ben', skipped: 1, begun: 1, costMicroUsd: 1, lastAtMs: 700 },
    { ...nothing, ...unpaid, annotator: 'Cleo', begun: 1, lastAtMs: 50 },
  ]);
});
