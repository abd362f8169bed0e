import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { hasFinePointer } from './keyboard.tsx';
import { isTheirs, type WorkbenchState } from './workbench-state.ts';

// Where the person is, in the part of the address that the server never sees: a reload comes back to it, and the
// browser's own way back leads through the items.

interface Place {
  /** How many places of this page lie behind. */
  readonly depth: number;
}

/** @returns the number of the item the address names; null where it names none */
export function numberInAddress(): number | null {
  const text = new URLSearchParams(location.hash.slice(1)).get('item') ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** @param number null at the end of the round */
export function putInAddress(number: number | null, isNewPlace: boolean): void {
  const address = number === null ? location.pathname : `#item=${number}`;
  if (isNewPlace) history.pushState({ depth: depth() + 1 } satisfies Place, '', address);
  else history.replaceState({ depth: depth() } satisfies Place, '', address);
}

export function canGoBack(): boolean {
  return depth() > 0;
}

function depth(): number {
  return (history.state as Place | null)?.depth ?? 0;
}

/**
 * When another item is shown: puts it into the address, and the focus to where the person goes on. That is the editor,
 * so that whoever writes on at once writes into it, and no letter is taken for a key. It is the heading for who goes
 * from item to item by single keys, who may only read, and where a keyboard on the screen would open.
 */
export function useArrival(
  { phase, item, arrival }: WorkbenchState,
  heading: RefObject<HTMLElement>,
  field: RefObject<HTMLElement>,
): void {
  // Before the next key can come.
  useLayoutEffect(() => {
    if (phase === 'starting' || arrival === 'renewed') return;
    const number = item?.number ?? null;
    const isNewPlace = arrival === 'moved' || arrival === 'browsed';
    if (number !== numberInAddress() || history.state === null) putInAddress(number, isNewPlace);
    scrollTo(0, 0);
    const isBrowsing = ['browsed', 'back'].includes(arrival) && document.activeElement === heading.current;
    const canWrite = item !== null && isTheirs(item) && hasFinePointer();
    (canWrite && !isBrowsing ? field : heading).current?.focus({ preventScroll: true });
  }, [phase, item?.number]);
}
