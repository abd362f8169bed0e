import type { Ref } from 'preact';
import type { DeskProgress } from '../desk/desk-views.ts';
import { count } from './page-header.tsx';

export interface EndViewProps {
  readonly heading: Ref<HTMLHeadingElement>;
  readonly progress: DeskProgress;
  readonly onList: () => void;
}

/** Nothing is left for this person. New items are looked for meanwhile. */
export function EndView({ heading, progress, onList }: EndViewProps) {
  const { answered, rejected, skipped } = progress.mine;
  const { heading: title, says, ahead } = endOf(progress);
  return (
    <section class="end">
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <p>
        {says} You answered {count(answered)}
        {rejected > 0 && `, rejected ${count(rejected)}`}
        {skipped > 0 && `, skipped ${count(skipped)}`}.
      </p>
      <p class="muted">{ahead}</p>
      <p>
        <button type="button" onClick={onList}>
          Look at the items again
        </button>
      </p>
    </section>
  );
}

/** A round may be over without an answer to every item: whoever runs the campaign went on without. */
function endOf({ round, items, complete, isWaiting }: DeskProgress) {
  if (complete >= items) {
    return {
      heading: 'All done',
      says: `Round ${round} is complete: ${count(items)} items.`,
      ahead:
        'Whoever runs the campaign can go on with winnow next. When there are new items, the first one appears here.',
    };
  }
  if (!isWaiting) {
    return {
      heading: 'The round is over',
      says: `Round ${round} went on with ${count(complete)} of its ${count(items)} items; the rest are not awaited any more.`,
      ahead: 'When there are new items, the first one appears here.',
    };
  }
  const left = items - complete;
  return {
    heading: 'Nothing is left for you',
    says: `Of ${count(items)} items, ${count(left)} ${left === 1 ? 'is' : 'are'} still to be answered by others.`,
    ahead: 'Should one become free, it appears here.',
  };
}
