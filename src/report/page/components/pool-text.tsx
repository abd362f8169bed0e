import { useState } from 'preact/hooks';
import { usePrinting } from './use-printing.ts';

/** Text that others wrote: in its own direction, and without a say in that of what stands around it. */
export function PoolText({ children }: { children: string }) {
  return <bdi dir="auto">{children}</bdi>;
}

const SHOWN = 170;
/** What is cut off must be worth a click. */
const SPARED = 40;

/** Text of any length: its beginning, and the rest on demand or on paper. */
export function LongText({ children }: { children: string }) {
  const [isWhole, showWhole] = useState(false);
  const isPrinting = usePrinting();
  if (children.length <= SHOWN + SPARED) return <PoolText>{children}</PoolText>;
  return (
    <>
      <PoolText>{isWhole || isPrinting ? children : `${children.slice(0, SHOWN).toWellFormed()}…`}</PoolText>{' '}
      <button type="button" class="link screen-only" aria-expanded={isWhole} onClick={() => showWhole(!isWhole)}>
        {isWhole ? 'less' : 'all of it'}
      </button>
    </>
  );
}
