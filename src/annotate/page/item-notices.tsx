import type { DeskItem } from '../desk/desk-views.ts';
import { sameText } from './browser-drafts.ts';
import type { DraftState } from './draft.ts';
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

export interface ConflictProps {
  readonly draft: DraftState;
  readonly onMine: () => void;
  readonly onOther: () => void;
}

/** The same item was written in two places: both versions, and the choice between them. */
export function ConflictView({ draft: { other, response, comment }, onMine, onOther }: ConflictProps) {
  if (other === null) return null;
  const saved = other.submitted ? 'The submitted version' : 'The other version';
  return (
    <section class="conflict" role="alert" aria-labelledby="conflict-heading">
      <h3 id="conflict-heading">You wrote this item in another place too</h3>
      <p>Nothing is lost: here are both. Choose the one to go on with.</p>
      <div class="versions">
        <Version title="This version" response={response} comment={comment} action="Keep mine" onChoose={onMine} />
        <Version
          title={other.savedAtMs === null ? saved : `${saved}, ${new Date(other.savedAtMs).toLocaleTimeString()}`}
          response={other.response}
          comment={other.comment}
          action="Take the other"
          onChoose={onOther}
        />
      </div>
    </section>
  );
}

interface VersionProps {
  readonly title: string;
  readonly response: string;
  readonly comment: string;
  readonly action: string;
  readonly onChoose: () => void;
}

function Version({ title, response, comment, action, onChoose }: VersionProps) {
  return (
    <div class="version">
      <h4>{title}</h4>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <p class="words" dir="auto" tabIndex={0}>
        {response === '' ? '(blank)' : visibleText(response)}
      </p>
      {comment !== '' && (
        <p class="muted" dir="auto">
          Reason: {visibleText(comment)}
        </p>
      )}
      <button type="button" onClick={onChoose}>
        {action}
      </button>
    </div>
  );
}
