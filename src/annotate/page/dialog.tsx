import type { ComponentChildren, TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { isComposing } from './keyboard.tsx';

export interface DialogProps {
  readonly title: string;
  /** Called by the close button, Escape or a click outside the dialog. */
  readonly onClose: () => void;
  readonly className?: string;
  readonly onKeyDown?: (event: TargetedKeyboardEvent<HTMLDialogElement>) => void;
  readonly children: ComponentChildren;
}

/** A modal dialog. When it closes, the focus returns to where it was before. */
export function Dialog({ title, onClose, className, onKeyDown, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current!.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={className}
      aria-labelledby="dialog-title"
      onClose={onClose}
      onKeyDown={(event) => {
        // The browser's own close event comes later, when another dialog may already be open.
        if (event.key === 'Escape') event.preventDefault();
        if (isComposing(event)) return;
        if (event.key === 'Escape') onClose();
        else onKeyDown?.(event);
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id="dialog-title">{title}</h2>
          <button type="button" class="quiet" onClick={onClose} aria-label="Close">
            ✕
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
