import type { Ref, TargetedKeyboardEvent } from 'preact';
import type { ItemLine } from '../desk/desk-views.ts';
import { ITEM_STATES } from './item-bar.tsx';
import { visibleText } from './visible-text.ts';

export interface ListRowsProps {
  readonly rows: { current: HTMLOListElement | null };
  readonly items: readonly ItemLine[];
  readonly current: number | null;
  readonly onOpen: (number: number) => void;
}

/** One row per item. The arrow keys move between rows. */
export function ListRows({ rows, items, current, onOpen }: ListRowsProps) {
  return (
    <ol ref={rows as Ref<HTMLOListElement>} class="rows" onKeyDown={moveFocus}>
      {items.map(({ number, rank, excerpt, state, heldBy }) => (
        <li key={number}>
          <button type="button" aria-current={number === current ? 'true' : undefined} onClick={() => onOpen(number)}>
            <span class="rank">{rank}</span>
            <span class={`state ${state}`}>
              <span aria-hidden="true">{ITEM_STATES[state].sign}</span> {ITEM_STATES[state].word}
              {heldBy !== null && (
                <span class="isolated">
                  {state === 'assigned' ? ' to ' : ' by '}
                  {visibleText(heldBy)}
                </span>
              )}
            </span>
            <span class="excerpt" dir="auto">
              {visibleText(excerpt)}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** Lets the arrow keys move between the rows of a list. */
export function moveFocus(event: TargetedKeyboardEvent<HTMLOListElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step]?.focus();
}
