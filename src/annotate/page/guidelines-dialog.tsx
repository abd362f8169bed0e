import { useEffect, useRef, useState } from 'preact/hooks';
import type { GuidelinesText } from '../desk/desk-views.ts';
import { asRequestError, type DeskApi } from './desk-api.ts';
import { Dialog } from './dialog.tsx';
import { PoolText } from './pool-text.tsx';

export interface GuidelinesDialogProps {
  readonly api: DeskApi;
  /** The person has seen this version. */
  readonly onRead: (version: string) => void;
  readonly onClose: () => void;
}

/** What makes a good answer. Closing it counts as having read it. */
export function GuidelinesDialog({ api, onRead, onClose }: GuidelinesDialogProps) {
  const [guidelines, setGuidelines] = useState<GuidelinesText | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    api.guidelines().then(setGuidelines, (error: unknown) => setProblem(asRequestError(error).message));
  }, [api]);
  const start = useRef<HTMLButtonElement>(null);
  // The first item may have appeared behind the dialog since it opened.
  useEffect(() => start.current?.focus(), [guidelines, problem]);
  const close = () => {
    if (guidelines !== null) onRead(guidelines.version);
    onClose();
  };
  return (
    <Dialog title="Guidelines" onClose={close} className="guidelines-dialog">
      {guidelines === null ? (
        <p role="status">{problem ?? 'Loading…'}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable text must be reachable by keyboard
        <div tabIndex={0}>
          <PoolText text={guidelines.text} view="markdown" />
        </div>
      )}
      <div class="buttons dialog-foot">
        <button type="button" class="primary" ref={start} onClick={close}>
          Start annotating
        </button>
      </div>
    </Dialog>
  );
}
