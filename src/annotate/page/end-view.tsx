import type { Ref } from 'preact';
import type { DeskProgress } from '../desk/desk-views.ts';
import { count } from './formats.tsx';

export interface EndViewProps {
  readonly heading: Ref<HTMLHeadingElement>;
  readonly progress: DeskProgress;
  readonly onList: () => void;
}

/** Shown when no item is left for this person. The page keeps looking for new items. */
export function EndView({ heading, progress, onList }: EndViewProps) {
  const { answered, rejected, skipped } = progress.mine;
  const { heading: title, summary, ahead } = endOf(progress);
  return (
    <section class="end">
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <p>
        {summary} You answered {count(answered)}
        {rejected > 0 && `, rejected ${count(rejected)}`}
        {skipped > 0 && `, skipped ${count(skipped)}`}.
      </p>
      <p class="muted">{ahead}</p>
      <p>
        <button type="button" onClick={onList}>
          List items
        </button>
      </p>
    </section>
  );
}

/** A round may end before every item has an answer, if the lead continued without them. */
function endOf({ round, items, complete, isWaiting }: DeskProgress) {
  const ahead = 'New items will appear here.';
  if (complete >= items) {
    return {
      heading: 'All done',
      summary: `Round ${round} is complete: ${count(items)} items.`,
      ahead: `The project lead can start the next round. ${ahead}`,
    };
  }
  if (!isWaiting) {
    return {
      heading: 'This round is over',
      summary: `Round ${round} ended with ${count(complete)} of ${count(items)} items; the rest were dropped.`,
      ahead,
    };
  }
  const left = items - complete;
  return {
    heading: "You're all caught up.",
    summary: `${count(left)} of ${count(items)} items still ${left === 1 ? 'needs' : 'need'} answers from others.`,
    ahead,
  };
}
