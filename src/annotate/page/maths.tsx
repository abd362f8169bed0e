import { useLayoutEffect, useRef } from 'preact/hooks';
import temml from 'temml';

/** Formulas whose macros unfold to more than this are shown as written. */
const MOST_MACROS = 1000;

export interface MathsProps {
  /** In TeX. */
  readonly formula: string;
  /** On a line of its own. */
  readonly isBlock: boolean;
  /** The formula with its marks, shown as the tooltip, and in place of a formula that is none. */
  readonly raw: string;
}

/** A formula as MathML, which browsers lay out by themselves. It can link to nothing and load nothing. */
export function Maths({ formula, isBlock, raw }: MathsProps) {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const { current } = place;
    try {
      temml.render(formula, current!, {
        displayMode: isBlock,
        throwOnError: true,
        trust: false,
        maxExpand: MOST_MACROS,
      });
    } catch {
      current!.textContent = raw;
    }
  }, [formula, isBlock, raw]);
  return (
    <span class={isBlock ? 'maths scrolls' : 'maths'} title={raw} ref={place} {...(isBlock ? { tabIndex: 0 } : {})} />
  );
}
