import { useRef } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { KeyHint } from './key-hint.tsx';

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

/** Asks why. A choice is one key away and goes into the text, where more can be said. */
export function ReasonDialog({ reasonFor, reason, onReason, onConfirm, onClose }: ReasonDialogProps) {
  const { title, why, confirm, choices } = WORDS[reasonFor];
  const form = useRef<HTMLFormElement>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isBlank = reason.trim() === '';
  const choose = (choice: string | undefined) => {
    if (choice === undefined) return;
    onReason(choice);
    button.current!.disabled = false;
    button.current!.focus();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onKeyDown={(event) => {
        const isTyping = event.target === text.current;
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.current!.requestSubmit();
        else if (!isTyping && /^[1-9]$/.test(event.key)) choose(choices[Number(event.key) - 1]);
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
                autofocus={index === 0}
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
          aria-describedby="reason-why"
          value={reason}
          onInput={(event) => onReason(event.currentTarget.value)}
        />
        <div class="buttons">
          <button ref={button} type="submit" class="primary" disabled={isBlank}>
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
