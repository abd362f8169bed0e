import { useRef } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { hasFinePointer, KeyHint } from './keyboard.tsx';
import type { TurnedDown } from './workbench-state.ts';

const TEXTS: Readonly<Record<TurnedDown['verdict'], { title: string; why: string; choices: readonly string[] }>> = {
  skipped: {
    title: 'Reason for skipping item',
    why: "You won't get this item again. Why did you skip it?",
    choices: ['Outside my expertise', 'Takes too long', "Unclear what's being asked", 'Prefer not to answer'],
  },
  rejected: {
    title: 'Reason for rejecting item',
    why: 'It is left out of training. What is wrong with it?',
    choices: ['Unclear', 'Missing information', "Can't be answered", 'Harmful', 'Wrong language', 'Duplicate'],
  },
};

export interface ReasonDialogProps {
  readonly item: TurnedDown;
  readonly onReason: (reason: string) => void;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/**
 * Asks why an item was skipped or rejected, after that. A number key fills in a common reason, which can be edited. Only Enter in the text field or the
 * button submits it.
 */
export function ReasonDialog({ item, onReason, onConfirm, onClose }: ReasonDialogProps) {
  const { verdict, rank, reason } = item;
  const { title, why, choices } = TEXTS[verdict];
  const form = useRef<HTMLFormElement>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  const isEmpty = reason.trim() === '';
  const hasKeyboard = hasFinePointer();
  const choose = (choice: string) => {
    onReason(choice);
    if (hasKeyboard) text.current!.focus();
  };
  const chosenBy = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent) => {
    // In a reason that the person wrote, a digit is text.
    const isOwnText = reason !== '' && !choices.includes(reason);
    return isOwnText || ctrlKey || altKey || metaKey || !/^[1-9]$/.test(key) ? undefined : choices[Number(key) - 1];
  };
  return (
    <Dialog
      title={`${title} ${rank}`}
      onClose={onClose}
      onKeyDown={(event) => {
        const isInText = event.target === text.current && !event.shiftKey;
        const confirms = event.key === 'Enter' && !event.repeat && (isInText || event.ctrlKey || event.metaKey);
        const choice = chosenBy(event);
        if (!confirms && choice === undefined) return;
        event.preventDefault();
        if (confirms) form.current!.requestSubmit();
        else choose(choice!);
      }}
    >
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isEmpty) text.current!.focus();
          else onConfirm();
        }}
      >
        <p id="reason-why">{why}</p>
        <ul class="choices" aria-label="Common reasons">
          {choices.map((choice, index) => (
            <li key={choice}>
              <button
                type="button"
                autofocus={!hasKeyboard && index === 0}
                aria-pressed={reason === choice}
                onClick={() => choose(choice)}
              >
                <KeyHint keys={String(index + 1)} /> {choice}
              </button>
            </li>
          ))}
        </ul>
        <label for="reason">Reason</label>
        <textarea
          id="reason"
          ref={text}
          rows={3}
          maxLength={10_000}
          dir="auto"
          autofocus={hasKeyboard}
          aria-describedby={hasKeyboard ? 'reason-why reason-keys' : 'reason-why'}
          value={reason}
          onInput={(event) => onReason(event.currentTarget.value)}
        />
        {hasKeyboard && (
          <p id="reason-keys" class="muted">
            Press a number for a common reason, Enter to confirm, Shift+Enter for a new line.
          </p>
        )}
        <div class="buttons">
          <button type="submit" class="primary" disabled={isEmpty}>
            Save reason
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
