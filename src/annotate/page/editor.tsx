import type { Ref } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { DraftState } from './draft.ts';

/**
 * In newer browsers CSS makes the field grow. In others it is measured. In long texts, both and the spelling check would
 * take longer than a key.
 */
const GROWS_WITH_CSS = CSS.supports('field-sizing', 'content');
const MOST_MEASURED_CHARACTERS = 20_000;

export interface EditorProps {
  readonly field: Ref<HTMLTextAreaElement>;
  readonly draft: DraftState;
  /** Whether the person may answer the item. */
  readonly isAvailable: boolean;
  /** A label or another item is loading: text typed now would belong to neither. */
  readonly isBusy: boolean;
  readonly canUndo: boolean;
  readonly onWrite: (response: string) => void;
  readonly onUndo: () => void;
  /** Shown below the field. */
  readonly children: preact.ComponentChildren;
}

/** The field for the response, and whether it is saved. */
export function Editor({ field, draft, isAvailable, isBusy, canUndo, onWrite, onUndo, children }: EditorProps) {
  const isLarge = draft.response.length > MOST_MEASURED_CHARACTERS;
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const area = frame.current?.querySelector('textarea');
    if (GROWS_WITH_CSS || !area || isLarge) return;
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
        spellcheck={!isLarge}
        class={[isAvailable ? '' : 'closed', isLarge ? 'large' : ''].join(' ').trim() || undefined}
        readOnly={!isAvailable || isBusy}
        aria-describedby="item-heading saving"
        aria-keyshortcuts="E"
        value={draft.response}
        onInput={(event) => onWrite(event.currentTarget.value)}
      />
      {canUndo && (
        <p class="notice">
          Your text was replaced by the model's answer.{' '}
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
  const isProblem = saving === 'unreachable' || saving === 'refused' || saving === 'conflict';
  return (
    <span id="saving" class={isProblem ? 'saving trouble' : 'saving'} role={isProblem ? 'status' : undefined}>
      {savingText(draft)}
    </span>
  );
}

function savingText({ saving, response, isInBrowser }: DraftState): string {
  switch (saving) {
    case 'saved':
      return response === '' ? '' : 'Saved';
    case 'unsaved':
    case 'saving':
      return 'Saving…';
    case 'conflict':
      return 'Not saved. Choose a version below.';
    case 'refused':
      return isInBrowser ? 'Not saved. Draft kept in this browser.' : 'Not saved. Copy your text before you leave.';
    case 'unreachable':
      return isInBrowser ? 'Draft kept in this browser. Reconnecting…' : 'Not saved. Keep this page open.';
  }
}

/**
 * Replaces the text of a field as typing does, so that the browser's own undo (Ctrl+Z) works. Moves the focus to the
 * field and triggers its input event.
 */
export function replaceText(field: HTMLTextAreaElement, text: string): void {
  field.focus();
  field.select();
  // `execCommand` is deprecated without a replacement. If it does nothing, the page's state still sets the text.
  document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
}
