import type { DeskItem } from '../desk/desk-views.ts';
import type { DraftState } from './draft.ts';
import { sameText } from './kept-drafts.ts';
import { visibleText } from './visible-text.ts';
import { isTheirs } from './workbench-state.ts';

export interface StandingProps {
  readonly item: DeskItem;
  readonly draft: DraftState;
  readonly onNext: () => void;
}

/** What happened to the item before, by the person or by others, where that matters now. */
export function Standing({ item, draft, onNext }: StandingProps) {
  if (!isTheirs(item)) return <NotTheirs item={item} onNext={onNext} />;
  if (item.verdict === null) return null;
  const { comment, submitted } = item.writing;
  const isChanged = !submitted || !sameText(draft, item.writing);
  return (
    <div class="notice">
      <p>
        {item.verdict === 'accepted' ? 'You answered this one.' : `You ${item.verdict} this one.`}{' '}
        {isChanged ? (
          <strong>What you changed since then is kept, but counts only when you submit it again.</strong>
        ) : (
          'Submit it again to change it.'
        )}
      </p>
      {item.verdict !== 'accepted' && comment !== '' && (
        <p class="muted">
          Your reason:{' '}
          <span class="isolated" dir="auto">
            {visibleText(comment)}
          </span>
        </p>
      )}
    </div>
  );
}

function NotTheirs({ item, onNext }: Omit<StandingProps, 'draft'>) {
  return (
    <div class="notice" role="status">
      <p>
        {item.state === 'taken' ? (
          <>
            <span class="isolated">{visibleText(item.heldBy ?? 'Somebody else')}</span> is at work on this one.
          </>
        ) : item.peopleDone === 0 ? (
          'Its round went on without an answer to this one.'
        ) : (
          'As many people as are wanted have answered this one.'
        )}
        {item.writing.response !== '' && ' What you wrote is kept.'}
      </p>
      <button type="button" onClick={onNext}>
        Next item
      </button>
    </div>
  );
}
