import { type ItemLabel, labelsByPosition } from '../../../src/campaign/label-views.ts';
import type { StoredAnnotation } from '../../../src/store/label-store.ts';

let count = 0;

/** A stored annotation: "An answer." by Ann unless `about` says otherwise. Later ones have higher ids. */
export function annotation(about: Partial<StoredAnnotation> = {}): StoredAnnotation {
  count += 1;
  const who = { id: count, position: 0, annotator: 'Ann', sourceId: null };
  return {
    ...who,
    verdict: 'accepted',
    response: 'An answer.',
    seconds: null,
    submittedAtMs: null,
    costMicroUsd: 0,
    ...about,
  };
}

/** The label of one item that has these annotations. */
export function labelOf(...annotations: readonly Partial<StoredAnnotation>[]): ItemLabel {
  return labelsByPosition(annotations.map(annotation), 'latest').get(annotations[0]?.position ?? 0)!;
}
