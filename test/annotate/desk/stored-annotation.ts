import { type ItemLabel, labelsByPosition } from '../../../src/campaign/label-views.ts';
import type { StoredAnnotation } from '../../../src/store/label-store.ts';

let count = 0;

/** Something a person said: "An answer." by Ann unless `about` says otherwise. Later ones have higher ids. */
export function said(about: Partial<StoredAnnotation> = {}): StoredAnnotation {
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

/** The label that comes of what was said of one item. */
export function labelOf(...words: readonly Partial<StoredAnnotation>[]): ItemLabel {
  return labelsByPosition(words.map(said), 'latest').get(words[0]?.position ?? 0)!;
}
