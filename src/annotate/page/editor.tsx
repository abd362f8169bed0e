import type { Ref } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { DraftState } from './draft.ts';

/** Newer browsers let a field grow by a line of CSS; others have it measured, as long as that is quick. */
const GROWS_BY_ITSELF = CSS.supports('field-sizing', 'content');
const MOST_MEASURED_CHARACTERS = 20_000;

export interface EditorProps {
  readonly field: Ref<HTMLTextAreaElement>;
  readonly draft: DraftState;
  /** Whether it is the person's to answer. */
  readonly isTheirs: boolean;
  /** A label or another item is on its way: what would be typed now belongs to neither. */
  readonly isBusy: boolean;
  readonly canUndo: boolean;
  readonly onWrite: (response: string) => void;
  readonly onUndo: () => void;
  /** What has to be decided before anything more is written. */
  readonly children: preact.ComponentChildren;
}

/** Where the response is written, and how safe it is. */
export function Editor({ field, draft, isTheirs, isBusy, canUndo, onWrite, onUndo, children }: EditorProps) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const area = frame.current?.querySelector('textarea');
    if (GROWS_BY_ITSELF || !area || draft.response.length > MOST_MEASURED_CHARACTERS) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight + 2}px`;
  }, [draft.response]);
  return (
    <section class="editor" aria-label="Your response" ref={frame}>
      <div class="card-head">
        <label for="response">Your response</label>
        <SavingView draft={draft} />
      </div>
      <textarea
        id="response"
        ref={field}
        dir="auto"
        spellcheck
        class={isTheirs ? undefined : 'closed'}
        readOnly={!isTheirs || isBusy}
        aria-describedby="item-heading saving"
        aria-keyshortcuts="E"
        value={draft.response}
        onInput={(event) => onWrite(event.currentTarget.value)}
      />
      {canUndo && (
        <p class="notice">
          Your own words were replaced by the failing answer.{' '}
          <button type="button" onClick={onUndo}>
            Undo
          </button>
        </p>
      )}
      {children}
    </section>
  );
}

function SavingView({ draft }: { readonly draft: DraftState }) {
  const { saving } = draft;
  const isTrouble = saving === 'unreachable' || saving === 'refused' || saving === 'conflict';
  return (
    <span id="saving" class={isTrouble ? 'saving trouble' : 'saving'} role={isTrouble ? 'status' : undefined}>
      {saidOf(draft)}
    </span>
  );
}

function saidOf({ saving, response, isKept }: DraftState): string {
  switch (saving) {
    case 'saved':
      return response === '' ? '' : 'Saved';
    case 'unsaved':
    case 'saving':
      return 'Saving…';
    case 'conflict':
      return 'Not saved: choose below';
    case 'refused':
      return isKept ? 'Not saved; kept in this browser' : 'Not saved: copy it before you leave';
    case 'unreachable':
      return isKept
        ? 'Not saved: the server does not answer; kept in this browser, trying again'
        : 'Not saved: the server does not answer; keep this page open';
  }
}

/**
 * Puts another text into a field in the way typing does: the browser's own undo (Ctrl Z) gives back what was there.
 * The field has the focus afterwards, and tells of it by its input event.
 */
export function retype(field: HTMLTextAreaElement, text: string): void {
  field.focus();
  field.select();
  // It has no successor; where a browser drops it, the text is put there all the same, by the state it is shown by.
  document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
}
