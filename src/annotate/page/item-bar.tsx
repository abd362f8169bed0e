import type { Ref } from 'preact';
import type { DeskItem, ItemState } from '../desk/desk-views.ts';
import type { DraftState } from './draft.ts';
import { type Command, KeyHint, shortcutsOf } from './keyboard.tsx';
import { canGoBack } from './navigation.ts';
import type { PlaceState } from './workbench-state.ts';

/** A word and a sign for each state, so that no state is shown by color alone. */
export const ITEM_STATES: Readonly<Record<ItemState, { readonly sign: string; readonly word: string }>> = {
  open: { sign: '○', word: 'Open' },
  draft: { sign: '◐', word: 'Draft' },
  answered: { sign: '●', word: 'Answered' },
  rejected: { sign: '⊘', word: 'Rejected' },
  skipped: { sign: '↷', word: 'Skipped' },
  taken: { sign: '◇', word: 'Taken' },
  assigned: { sign: '◈', word: 'Assigned' },
  complete: { sign: '◆', word: 'Complete' },
  returned: { sign: '↩', word: 'Sent back' },
};

export interface ItemBarProps {
  readonly item: DeskItem;
  readonly draft: DraftState;
  readonly place: PlaceState | null;
  readonly heading: Ref<HTMLHeadingElement>;
  readonly commands: Readonly<Record<Command, () => void>>;
}

/** The item's number and state, and buttons to other items. */
export function ItemBar({ item, draft, place, heading, commands }: ItemBarProps) {
  const hasDraft = item.state === 'open' && draft.response.trim() !== '';
  const state = hasDraft ? 'draft' : item.state;
  const { sign, word } = ITEM_STATES[state];
  return (
    <div class="item-bar">
      <button
        type="button"
        class="back"
        onClick={commands.back}
        disabled={!canGoBack() && item.previous === null}
        aria-keyshortcuts={shortcutsOf('back')}
      >
        Back <KeyHint keys="B" />
      </button>
      <div class="item-number">
        <button
          type="button"
          class="quiet"
          aria-label="Previous item"
          aria-keyshortcuts={shortcutsOf('previous')}
          title="Previous item (K)"
          disabled={item.previous === null}
          onClick={commands.previous}
        >
          ‹
        </button>
        <h2 id="item-heading" ref={heading} tabIndex={-1}>
          Item {item.rank} of {item.of}
        </h2>
        <button
          type="button"
          class="quiet"
          aria-label="Next item"
          aria-keyshortcuts={shortcutsOf('next')}
          title="Next item (J)"
          disabled={item.next === null}
          onClick={commands.next}
        >
          ›
        </button>
      </div>
      <span class={`state ${state}`}>
        <span aria-hidden="true">{sign}</span> <span class="wide-only">{word}</span>
      </span>
      {place !== null && place.number !== item.number && (
        <button type="button" class="return" onClick={commands.return} aria-keyshortcuts={shortcutsOf('return')}>
          <span class="wide-only">Return to item</span> <span aria-hidden="true">↩</span> {place.rank}{' '}
          <KeyHint keys="W" />
        </button>
      )}
      <button type="button" class="later" onClick={commands.later} aria-keyshortcuts={shortcutsOf('later')}>
        Later <KeyHint keys="N" />
      </button>
    </div>
  );
}
