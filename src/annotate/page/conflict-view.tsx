import type { DraftState } from './draft.ts';
import { visibleText } from './visible-text.ts';

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
