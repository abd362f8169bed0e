import type { Ref } from 'preact';
import type { DeskItem, ItemState } from '../desk/desk-views.ts';
import type { DraftState } from './draft.ts';
import { type Command, KeyHint } from './keyboard.tsx';
import { canGoBack } from './navigation.ts';

/** A word and a sign for each, so that color says nothing alone. */
export const ITEM_STATES: Readonly<Record<ItemState, { readonly sign: string; readonly word: string }>> = {
  open: { sign: '○', word: 'Open' },
  begun: { sign: '◐', word: 'Begun' },
  answered: { sign: '●', word: 'Answered' },
  rejected: { sign: '⊘', word: 'Rejected' },
  skipped: { sign: '↷', word: 'Skipped' },
  taken: { sign: '◇', word: 'Taken' },
  complete: { sign: '◆', word: 'Closed' },
};

export interface PlaceBarProps {
  readonly item: DeskItem;
  readonly draft: DraftState;
  readonly heading: Ref<HTMLHeadingElement>;
  readonly commands: Readonly<Record<Command, () => void>>;
}

/** Which item this is, how it stands, and the ways to others. */
export function PlaceBar({ item, draft, heading, commands }: PlaceBarProps) {
  const isBegun = item.state === 'open' && draft.response.trim() !== '';
  const standing = isBegun ? 'begun' : item.state;
  const { sign, word } = ITEM_STATES[standing];
  return (
    <div class="place">
      <button
        type="button"
        class="back"
        onClick={commands.back}
        disabled={!canGoBack() && item.previous === null}
        aria-keyshortcuts="B"
      >
        Back <KeyHint keys="B" />
      </button>
      <div class="where">
        <button
          type="button"
          class="quiet"
          aria-label="The item above"
          aria-keyshortcuts="K"
          title="The item above (K)"
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
          aria-label="The item below"
          aria-keyshortcuts="J"
          title="The item below (J)"
          disabled={item.next === null}
          onClick={commands.following}
        >
          ›
        </button>
      </div>
      <span class={`state ${standing}`}>
        <span aria-hidden="true">{sign}</span> <span class="in-full">{word}</span>
      </span>
      <button type="button" class="later" onClick={commands.later} aria-keyshortcuts="N">
        Later <KeyHint keys="N" />
      </button>
    </div>
  );
}
