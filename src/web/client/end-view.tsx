import type { Ref } from 'preact';
import type { DeskProgress } from '../../annotate/desk-views.ts';
import { count } from './progress-view.tsx';

export interface EndViewProps {
  readonly heading: Ref<HTMLHeadingElement>;
  readonly progress: DeskProgress;
  readonly onList: () => void;
}

/** Nothing is left for this person. New items are looked for meanwhile. */
export function EndView({ heading, progress, onList }: EndViewProps) {
  const { answered, rejected, skipped } = progress.mine;
  const isAllDone = progress.complete >= progress.items;
  return (
    <section class="end">
      <h2 ref={heading} tabIndex={-1}>
        {isAllDone ? 'All done' : 'Nothing is left for you'}
      </h2>
      <p>
        {isAllDone
          ? `Round ${progress.round} is complete: ${count(progress.items)} items.`
          : `Of ${count(progress.items)} items, ${count(progress.items - progress.complete)} are still to be answered by others.`}{' '}
        You answered {count(answered)}
        {rejected > 0 && `, rejected ${count(rejected)}`}
        {skipped > 0 && `, skipped ${count(skipped)}`}.
      </p>
      <p class="muted">
        {isAllDone
          ? 'Whoever runs the campaign can go on with winnow next. When there are new items, the first one appears here.'
          : 'Should one become free, it appears here.'}
      </p>
      <p>
        <button type="button" onClick={onList}>
          Look at the items again
        </button>
      </p>
    </section>
  );
}
