import { expect, test } from 'vitest';
import { personFigures } from '../../../src/annotate/desk/person-figures.ts';
import { labelsByPosition } from '../../../src/campaign/label-views.ts';
import { annotation } from './stored-annotation.ts';

test('each person’s figures count the latest labels, the cost of all labels and the last activity', () => {
  const annotations = [
    annotation({ position: 1, seconds: 10, costMicroUsd: 5, submittedAtMs: 100 }),
    annotation({ position: 1, seconds: 30, costMicroUsd: 2, submittedAtMs: 300, verdict: 'rejected', response: null }),
    annotation({ position: 2, seconds: 50, costMicroUsd: 9, submittedAtMs: 200 }),
    annotation({ position: 3, annotator: 'Ben', verdict: 'skipped', response: null, costMicroUsd: 1 }),
    annotation({ position: 4, annotator: null, sourceId: 'x' }),
    annotation({ position: 4, annotator: null, sourceId: 'y', seconds: 4 }),
  ];
  const latestLabels = [...labelsByPosition(annotations, 'latest').values()].flatMap(({ byPerson }) => byPerson);
  const drafts = [
    { annotator: 'Ben', updatedAtMs: 700 },
    { annotator: 'Cleo', updatedAtMs: 50 },
  ];
  const holds = [
    { position: 9, annotator: 'Ann', sinceMs: 400, untilMs: 1000, ahead: false },
    { position: 8, annotator: 'Ann', sinceMs: 350, untilMs: 1100, ahead: false },
  ];
  const nothing = { answered: 0, rejected: 0, skipped: 0, drafts: 0, seconds: 0, medianSeconds: null };
  const unpaid = { costMicroUsd: 0, lastAtMs: null, workingOn: null };
  expect(personFigures(annotations, latestLabels, drafts, holds)).toEqual([
    { ...nothing, ...unpaid, annotator: '(not named)', answered: 2, seconds: 4, medianSeconds: 4 },
    {
      annotator: 'Ann',
      answered: 1,
      rejected: 1,
      skipped: 0,
      drafts: 0,
      seconds: 80,
      medianSeconds: 40,
      costMicroUsd: 16,
      lastAtMs: 400,
      workingOn: 8,
    },
    { ...nothing, ...unpaid, annotator: 'Ben', skipped: 1, drafts: 1, costMicroUsd: 1, lastAtMs: 700 },
    { ...nothing, ...unpaid, annotator: 'Cleo', drafts: 1, lastAtMs: 50 },
  ]);
});
