import { useState } from 'preact/hooks';
import type { RequestError } from './desk-api.ts';
import { Dialog } from './dialog.tsx';
import { visibleText } from './visible-text.ts';

export interface DropDialogProps {
  readonly annotator: string;
  /** Why it could not be done. */
  readonly problem: RequestError | null;
  readonly onDrop: (askAgain: boolean) => void;
  readonly onClose: () => void;
}

/** Asks before all labels of a person are dropped. */
export function DropDialog({ annotator, problem, onDrop, onClose }: DropDialogProps) {
  const [askAgain, setAskAgain] = useState(true);
  return (
    <Dialog title={`Drop the labels of ${visibleText(annotator)}?`} onClose={onClose}>
      <p>
        They are left out of training, agreement and exports of training data. They stay in the history, and what was
        paid for them stays spent. You can undo this.
      </p>
      <label class="check">
        <input type="checkbox" checked={askAgain} onChange={(event) => setAskAgain(event.currentTarget.checked)} />
        Ask other people for these items
      </label>
      {problem !== null && (
        <p role="alert" class="trouble">
          {problem.message} {problem.hint}
        </p>
      )}
      <p class="lead-item-nav">
        <button type="button" class="danger" onClick={() => onDrop(askAgain)}>
          Drop labels
        </button>
        <button type="button" class="quiet" onClick={onClose}>
          Cancel
        </button>
      </p>
    </Dialog>
  );
}
