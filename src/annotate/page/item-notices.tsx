import type { DeskItem } from '../desk/desk-views.ts';
import { AnswerList } from './answer-list.tsx';
import { type DraftText, sameText } from './browser-drafts.ts';
import type { DraftState } from './draft.ts';
import { KeyHint, shortcutsOf, TEXT_MODIFIER } from './keyboard.tsx';
import { visibleText } from './visible-text.ts';
import { isAvailable, type TurnedDown } from './workbench-state.ts';

export interface ItemNoticeProps {
  readonly item: DeskItem;
  readonly draft: DraftState;
  readonly onNext: () => void;
}

/** Tells the person what they submitted before, or why they cannot answer the item. */
export function ItemNotice({ item, draft, onNext }: ItemNoticeProps) {
  if (!isAvailable(item)) return <Unavailable item={item} onNext={onNext} />;
  if (item.request !== null) return <RequestNotice request={item.request} />;
  if (item.verdict === null) return null;
  const { comment, submitted } = item.writing;
  const isChanged = !submitted || !sameText(draft, item.writing);
  return (
    <div class="notice">
      <p>
        {item.verdict === 'accepted' ? 'You answered this item.' : `You ${item.verdict} this item.`}{' '}
        {isChanged ? <strong>Your changes don't count until you submit again.</strong> : 'Submit again to change it.'}
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

/** What a lead asks about the person's label. */
function RequestNotice({ request }: { readonly request: NonNullable<DeskItem['request']> }) {
  return (
    <div class="notice request" role="status">
      <p>
        <strong>
          <span class="isolated">{visibleText(request.by)}</span> sent this back to you:
        </strong>{' '}
        <span class="isolated" dir="auto">
          {visibleText(request.comment)}
        </span>
      </p>
      <p class="muted">Change your answer or reply in a note, then submit again.</p>
    </div>
  );
}

export interface TurnedDownProps {
  readonly item: TurnedDown;
  readonly onReason: () => void;
  readonly onOpen: (number: number) => void;
}

/** Says what was just skipped or rejected, and lets the person say why. */
export function TurnedDownNotice({ item, onReason, onOpen }: TurnedDownProps) {
  const { number, rank, verdict, reason, isReasonSubmitted } = item;
  const hasReason = isReasonSubmitted && reason !== '';
  return (
    <div class="turned-down">
      <span>
        Item {rank} {verdict}
        {hasReason && ', with a reason'}.
      </span>
      <button type="button" onClick={onReason} aria-keyshortcuts={shortcutsOf('give-reason')}>
        {hasReason ? 'Edit reason' : 'Add a reason'} <KeyHint keys={`${TEXT_MODIFIER} Y`} />
      </button>
      <button type="button" onClick={() => onOpen(number)}>
        Open item {rank}
      </button>
    </div>
  );
}

function Unavailable({ item, onNext }: Omit<ItemNoticeProps, 'draft'>) {
  return (
    <div class="notice" role="status">
      <p>
        {item.state === 'taken' ? (
          <>
            <span class="isolated">{visibleText(item.heldBy ?? 'Someone else')}</span> is working on this item.
          </>
        ) : item.state === 'assigned' ? (
          <>
            This item is assigned to <span class="isolated">{visibleText(item.heldBy ?? 'someone else')}</span>.
          </>
        ) : item.peopleDone === 0 ? (
          'The round ended without an answer to this item.'
        ) : (
          'This item is complete.'
        )}
        {item.writing.response !== '' && ' Your text is saved.'}
      </p>
      <button type="button" onClick={onNext}>
        Next open item
      </button>
    </div>
  );
}

export interface ConflictProps {
  readonly draft: DraftState;
  readonly onMine: () => void;
  readonly onOther: () => void;
}

/** Shows both versions of an item that was edited in two places, and lets the person choose one. */
export function ConflictView({ draft, onMine, onOther }: ConflictProps) {
  const { other } = draft;
  if (other === null) return null;
  const saved = other.submitted ? 'Submitted version' : 'Other version';
  return (
    <section class="conflict" role="alert" aria-labelledby="conflict-heading">
      <h3 id="conflict-heading">This item was also edited elsewhere.</h3>
      <p>Nothing is lost. Choose which version to keep.</p>
      <div class="versions">
        <Version title="This version" text={draft} action="Keep mine" onChoose={onMine} />
        <Version
          title={other.savedAtMs === null ? saved : `${saved}, ${new Date(other.savedAtMs).toLocaleTimeString()}`}
          text={other}
          action="Use other"
          onChoose={onOther}
        />
      </div>
    </section>
  );
}

interface VersionProps {
  readonly title: string;
  readonly text: DraftText;
  readonly action: string;
  readonly onChoose: () => void;
}

function Version({ title, text: { response, comment, note, doubtful, answers }, action, onChoose }: VersionProps) {
  return (
    <div class="version">
      <h4>{title}</h4>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable text must be reachable by keyboard */}
      <p class="text-box" dir="auto" tabIndex={0}>
        {response === '' ? '(empty)' : visibleText(response)}
      </p>
      {comment !== '' && (
        <p class="muted" dir="auto">
          Reason: {visibleText(comment)}
        </p>
      )}
      {note !== '' && (
        <p class="muted" dir="auto">
          Note: {visibleText(note)}
        </p>
      )}
      <AnswerList answers={answers} />
      {doubtful && <p class="muted">Doubtful</p>}
      <button type="button" onClick={onChoose}>
        {action}
      </button>
    </div>
  );
}
