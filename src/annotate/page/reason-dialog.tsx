import { useRef } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { hasFinePointer, KeyHint } from './keyboard.tsx';

export type ReasonFor = 'skipped' | 'rejected';

const WORDS: Readonly<Record<ReasonFor, { title: string; why: string; confirm: string; choices: readonly string[] }>> =
  {
    skipped: {
      title: 'Skip this item',
      why: 'It stays without your answer, and you are not asked again. Why?',
      confirm: 'Skip it',
      choices: [
        'Outside what I know',
        'Takes too long',
        'I am not sure what is wanted',
        'I would rather not answer this',
      ],
    },
    rejected: {
      title: 'Reject this instruction',
      why: 'Nobody should be trained on it. What is wrong with it?',
      confirm: 'Reject it',
      choices: [
        'Unclear',
        'Something is missing',
        'Cannot be answered',
        'Harmful',
        'Wrong language',
        'Says the same as another',
      ],
    },
  };

export interface ReasonDialogProps {
  readonly reasonFor: ReasonFor;
  /** What is written so far; it is saved like the response. */
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/**
 * Asks why. A choice is one key away and only fills in the text, where more can be said: nothing is submitted but by
 * Enter there, or by the button.
 */
export function ReasonDialog({ reasonFor, reason, onReason, onConfirm, onClose }: ReasonDialogProps) {
  const { title, why, confirm, choices } = WORDS[reasonFor];
  const form = useRef<HTMLFormElement>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  const isBlank = reason.trim() === '';
  const hasKeyboard = hasFinePointer();
  const choose = (choice: string) => {
    onReason(choice);
    if (hasKeyboard) text.current!.focus();
  };
  const chosenBy = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent) => {
    // Where the person has written something of their own, a digit is part of it.
    const isOwn = reason !== '' && !choices.includes(reason);
    return isOwn || ctrlKey || altKey || metaKey || !/^[1-9]$/.test(key) ? undefined : choices[Number(key) - 1];
  };
  return (
    <Dialog
      title={title}
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
          if (isBlank) text.current!.focus();
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
            A digit fills in a common reason; Enter confirms; Shift Enter begins a line.
          </p>
        )}
        <div class="buttons">
          <button type="submit" class="primary" disabled={isBlank}>
            {confirm}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
