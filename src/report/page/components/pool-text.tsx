import { useState } from 'preact/hooks';
import { usePrinting } from './use-media.ts';

/** Text of the pool, of people or of models. Its writing direction does not affect the text around it. */
export function PoolText({ children }: { children: string }) {
  return <bdi dir="auto">{children}</bdi>;
}

const SHOWN = 170;
/** Texts that are only this much longer are not cut. */
const TOLERANCE = 40;

/** The beginning of a text; a button shows all of it. Print shows all of it. */
export function LongText({ children }: { children: string }) {
  const [isOpen, setOpen] = useState(false);
  const isPrinting = usePrinting();
  if (children.length <= SHOWN + TOLERANCE) return <PoolText>{children}</PoolText>;
  return (
    <>
      <PoolText>{isOpen || isPrinting ? children : `${children.slice(0, SHOWN).toWellFormed()}…`}</PoolText>{' '}
      <button type="button" class="link screen-only" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Show less' : 'Show all'}
      </button>
    </>
  );
}
