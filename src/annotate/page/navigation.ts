import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { hasFinePointer } from './keyboard.tsx';
import { isAvailable, type WorkbenchState } from './workbench-state.ts';

// The current item is stored in the address, in the part that the server never sees. So a reload shows the same item and
// the browser's back button goes through the items.

interface HistoryState {
  /** How many entries of this page are before this one. */
  readonly depth: number;
}

/** @returns the number of the item in the address; null if there is none */
export function numberInAddress(): number | null {
  const text = new URLSearchParams(location.hash.slice(1)).get('item') ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** @param number null when no item is left */
export function putInAddress(number: number | null, isNewEntry: boolean): void {
  const address = number === null ? location.pathname : `#item=${number}`;
  if (isNewEntry) history.pushState({ depth: depth() + 1 } satisfies HistoryState, '', address);
  else history.replaceState({ depth: depth() } satisfies HistoryState, '', address);
}

export function canGoBack(): boolean {
  return depth() > 0;
}

function depth(): number {
  return (history.state as HistoryState | null)?.depth ?? 0;
}

/**
 * When another item is shown, puts it into the address and moves the focus. The focus goes to the editor, so that a
 * person who keeps typing writes there and no letter becomes a shortcut. It goes to the heading if the person browses
 * with single-key shortcuts, cannot write, or has an on-screen keyboard that would open.
 */
export function useNavigation(
  { phase, item, draft, arrival }: WorkbenchState,
  heading: RefObject<HTMLElement>,
  field: RefObject<HTMLTextAreaElement>,
): void {
  // A layout effect runs before the next key event.
  useLayoutEffect(() => {
    if (phase === 'starting' || arrival === 'reopened') return;
    if (phase === 'waiting') {
      (hasFinePointer() ? field : heading).current?.focus({ preventScroll: true });
      return;
    }
    const number = item?.number ?? null;
    const isNewEntry = arrival === 'moved' || arrival === 'browsed';
    if (number !== numberInAddress() || history.state === null) putInAddress(number, isNewEntry);
    scrollTo(0, 0);
    const isBrowsing = ['browsed', 'back'].includes(arrival) && document.activeElement === heading.current;
    const canWrite = item !== null && isAvailable(item) && hasFinePointer();
    (canWrite && !isBrowsing ? field : heading).current?.focus({ preventScroll: true });
    // What was typed before the item was here goes on at its end.
    if (canWrite && draft !== null) field.current?.setSelectionRange(draft.response.length, draft.response.length);
  }, [phase, item?.number]);
}
