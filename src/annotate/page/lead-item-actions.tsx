import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { LeadItem, LeadRequest } from '../desk/lead-views.ts';
import { Moment } from './formats.tsx';
import { visibleText } from './visible-text.ts';

export interface LeadActionProps {
  readonly item: LeadItem;
  readonly onAct: (request: LeadRequest) => void;
}

/** Says that the lead decided on the item, asked for more people or sent labels back, and undoes it. */
export function OpenDecisions({ item, onAct }: LeadActionProps) {
  const { decision, isReopened, requests } = item;
  return (
    <>
      {decision !== null && (
        <p class="notice decision">
          <span>
            Decided by <span class="isolated">{visibleText(decision.by)}</span>, <Moment atMs={decision.atMs} />.
          </span>
          <button type="button" onClick={() => onAct({ kind: 'undo-decision' })}>
            Undo decision
          </button>
        </p>
      )}
      {isReopened && (
        <p class="notice decision">
          <span>Open for another answer.</span>
          <button type="button" onClick={() => onAct({ kind: 'close' })}>
            Stop asking
          </button>
        </p>
      )}
      {requests.map(({ annotator, comment }) => (
        <p class="notice decision" key={annotator}>
          <span>
            Sent back to <span class="isolated">{visibleText(annotator)}</span>:{' '}
            <span class="isolated" dir="auto">
              {visibleText(comment)}
            </span>
          </span>
          <button type="button" onClick={() => onAct({ kind: 'take-back', annotator })}>
            Take back
          </button>
        </p>
      ))}
    </>
  );
}

export interface SendBackFormProps {
  readonly annotator: string;
  readonly onSend: (comment: string) => void;
  readonly onCancel: () => void;
}

/** What the person should look at again. */
export function SendBackForm({ annotator, onSend, onCancel }: SendBackFormProps) {
  const [comment, setComment] = useState('');
  const field = useFocus();
  return (
    <form
      class="lead-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (comment.trim() !== '') onSend(comment.trim());
      }}
    >
      <label for="send-back">What should {visibleText(annotator)} look at?</label>
      <textarea
        id="send-back"
        ref={field}
        rows={3}
        maxLength={10_000}
        dir="auto"
        value={comment}
        onInput={(event) => setComment(event.currentTarget.value)}
      />
      <p class="lead-item-nav">
        <button type="submit" disabled={comment.trim() === ''}>
          Send back
        </button>
        <button type="button" class="quiet" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}

export interface FinalAnswerProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSave: (verdict: 'accepted' | 'rejected', comment: string) => void;
  readonly onCancel: () => void;
}

/** The lead's own answer, which becomes the result of the item. */
export function FinalAnswer({ text, onText, onSave, onCancel }: FinalAnswerProps) {
  const [comment, setComment] = useState('');
  const field = useFocus();
  return (
    <form
      class="lead-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onSave('accepted', comment);
      }}
    >
      <label for="final-answer">Final answer</label>
      <textarea
        id="final-answer"
        ref={field}
        rows={8}
        dir="auto"
        value={text}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <label for="final-comment">Reason (optional)</label>
      <input
        id="final-comment"
        maxLength={10_000}
        dir="auto"
        value={comment}
        onInput={(event) => setComment(event.currentTarget.value)}
      />
      <p class="lead-item-nav">
        <button type="submit" disabled={text.trim() === ''}>
          Save as final answer
        </button>
        <button type="button" class="danger" onClick={() => onSave('rejected', comment)}>
          Reject item
        </button>
        <button type="button" class="quiet" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}

/** Asks one more person, or gives an item without enough answers to a person. */
export function AskAnother({ item, onAct }: LeadActionProps) {
  const [person, setPerson] = useState('');
  const kind = item.isComplete ? 'reopen' : 'assign';
  return (
    <p class="lead-item-nav">
      <label for="ask-person">{item.isComplete ? 'Ask for another answer from' : 'Assign to'}</label>
      <select id="ask-person" value={person} onChange={(event) => setPerson(event.currentTarget.value)}>
        <option value="">Anyone</option>
        {item.people.map((name) => (
          <option key={name} value={name}>
            {visibleText(name)}
          </option>
        ))}
      </select>
      <button type="button" onClick={() => onAct({ kind, to: person === '' ? [] : [person] })}>
        {item.isComplete ? 'Ask' : 'Assign'}
      </button>
      {item.assignedTo.length > 0 && (
        <span class="muted">
          Assigned to <span class="isolated">{visibleText(item.assignedTo.join(', '))}</span>
        </span>
      )}
    </p>
  );
}

function useFocus() {
  const field = useRef<HTMLTextAreaElement>(null);
  // A layout effect runs before the next key event.
  useLayoutEffect(() => field.current?.focus(), []);
  return field;
}
