import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { hasFinePointer } from './fine-pointer.ts';
import { numberInAddress, putInAddress } from './item-address.ts';
import { isTheirs, type WorkbenchState } from './workbench-state.ts';

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
