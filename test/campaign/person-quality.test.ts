import { expect, test } from 'vitest';
import { labelsByPosition } from '../../src/campaign/label-views.ts';
import { personQualities } from '../../src/campaign/person-quality.ts';
import { annotation } from '../annotate/desk/stored-annotation.ts';

const LONG = 'The water boils at one hundred degrees.';

test('each person has pace, agreement, what they kept of the model’s answer, repeated and fast answers', () => {
  const annotations = [
    annotation({ position: 0, response: 'red green', seconds: 60 }),
    annotation({ position: 0, annotator: 'Ben', response: 'red blue', seconds: 60 }),
    annotation({ position: 1, response: LONG, seconds: 60 }),
    annotation({ position: 1, annotator: 'Ben', response: LONG, seconds: 60 }),
    // The same text in other clothes, for another item.
    annotation({ position: 2, response: `the water boils, at ONE hundred degrees`, seconds: 60 }),
    // Short answers may be the same.
    annotation({ position: 3, response: 'Yes.', seconds: 3 }),
    annotation({ position: 4, response: 'Yes.', seconds: 60 }),
    annotation({ position: 5, response: 'The model wrote this.', seconds: 60 }),
    annotation({ position: 6, response: 'The model wrote that.', seconds: 60 }),
    annotation({ position: 7, verdict: 'rejected', response: null, seconds: 1 }),
    annotation({ position: 8, annotator: 'Ben', response: 'Something else.', seconds: 60 }),
  ];
  const modelAnswer = (position: number) => (position === 5 || position === 6 ? 'The model wrote this.' : undefined);
  const [ann, ben, ...others] = personQualities(labelsByPosition(annotations, 'latest').values(), modelAnswer);
  expect(others).toEqual([]);
  expect(ann).toMatchObject({
    annotator: 'Ann',
    answers: 7,
    itemsPerHour: 60,
    agreement: { items: 2, mean: 0.75 },
    kept: { items: 2, mean: 0.875, unchanged: 1 },
    repeated: 2,
    fast: 1,
  });
  expect(ann!.agreement!.interval).toBeDefined();
  expect(ben).toMatchObject({ annotator: 'Ben', answers: 3, kept: null, repeated: 0, fast: 0 });
});

test('little is known of few answers', () => {
  const labels = labelsByPosition([annotation({ seconds: 10 })], 'latest').values();
  expect(personQualities(labels, () => undefined)).toEqual([
    { annotator: 'Ann', answers: 1, itemsPerHour: null, agreement: null, kept: null, repeated: 0, fast: 0 },
  ]);
});
