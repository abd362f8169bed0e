import { useEffect, useRef } from 'preact/hooks';

export type Command =
  | 'submit'
  | 'leave-editor'
  | 'edit'
  | 'skip'
  | 'reject'
  | 'from-failing-answer'
  | 'later'
  | 'back'
  | 'previous'
  | 'following'
  | 'list'
  | 'search'
  | 'go-to'
  | 'as-written'
  | 'keys';

export interface KeyBinding {
  readonly command: Command;
  /** As `KeyboardEvent.key` has it. */
  readonly key: string;
  /** As it stands on the keyboard. */
  readonly shown: string;
  readonly says: string;
}

/** Everything that can be done without a mouse, in the order people need it. */
export const KEY_BINDINGS: readonly KeyBinding[] = [
  { command: 'edit', key: 'e', shown: 'E', says: 'Write the response' },
  { command: 'submit', key: 'Enter', shown: 'Ctrl Enter', says: 'Submit, also while writing' },
  { command: 'leave-editor', key: 'Escape', shown: 'Esc', says: 'Stop writing: then single keys work; close a dialog' },
  { command: 'skip', key: 's', shown: 'S', says: 'Skip, with a reason' },
  { command: 'reject', key: 'r', shown: 'R', says: 'Reject a bad instruction, with a reason' },
  { command: 'from-failing-answer', key: 'f', shown: 'F', says: "Start from the seed model's answer" },
  { command: 'later', key: 'n', shown: 'N', says: 'Leave it for later, next open item' },
  { command: 'back', key: 'b', shown: 'B', says: 'Back to the item before' },
  { command: 'previous', key: 'k', shown: 'K', says: 'The item above, whatever its state' },
  { command: 'following', key: 'j', shown: 'J', says: 'The item below, whatever its state' },
  { command: 'list', key: 'l', shown: 'L', says: 'List of the items' },
  { command: 'search', key: '/', shown: '/', says: 'Search' },
  { command: 'go-to', key: 'g', shown: 'G', says: 'Go to an item by its place' },
  { command: 'as-written', key: 'm', shown: 'M', says: 'Texts as Markdown, or as they are written' },
  { command: 'keys', key: '?', shown: '?', says: 'These keys' },
];

/**
 * What a key asks for. While the person is typing only keys that write nothing count; single letters can be turned off
 * for those whose tools send them by themselves.
 */
export function commandOf(event: KeyboardEvent, hasSingleKeys: boolean): Command | undefined {
  if (isComposing(event) || event.altKey) return undefined;
  const withControl = event.ctrlKey || event.metaKey;
  // Held too long, it would submit the next item as well.
  if (withControl) return event.key === 'Enter' && !event.repeat ? 'submit' : undefined;
  const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select');
  if (isTyping) return event.key === 'Escape' ? 'leave-editor' : undefined;
  if (!hasSingleKeys) return undefined;
  const key = keyOf(event);
  return KEY_BINDINGS.find((binding) => binding.key === key && !['submit', 'leave-editor'].includes(binding.command))
    ?.command;
}

/** Where letters are Greek, Cyrillic or Hebrew, the one that a Latin keyboard has there; signs are where they are shown. */
function keyOf({ key, code }: KeyboardEvent): string {
  if (/^(?!\p{Script=Latin})\p{L}$/u.test(key)) return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? key;
  return key.length === 1 ? key.toLowerCase() : key;
}

/** Does what keys ask for, anywhere on the page; an open dialog has its own. */
export function useCommands(commands: Readonly<Record<Command, () => void>>, hasSingleKeys: boolean): void {
  const latest = useRef({ commands, hasSingleKeys });
  latest.current = { commands, hasSingleKeys };
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      const command = commandOf(event, latest.current.hasSingleKeys);
      if (command === undefined) return;
      event.preventDefault();
      latest.current.commands[command]();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

/** The code of a key that goes to an input method, and no further. */
const TO_INPUT_METHOD = 229;

/**
 * Whether a key belongs to an input method, for Japanese say: Enter there takes a word, Escape gives it up and arrows
 * choose another. Safari ends the composition before it tells of the key that ended it; only the old code is left then.
 */
export function isComposing({ isComposing: isUnderWay, keyCode }: KeyboardEvent): boolean {
  return isUnderWay || keyCode === TO_INPUT_METHOD;
}

/**
 * Whether the person points with a mouse or the like, and so has a keyboard. Elsewhere one on the screen would open with
 * every field that has the focus, and hide half of the page.
 */
export function hasFinePointer(): boolean {
  return matchMedia('(pointer: fine)').matches;
}

/** The key that does the same, for those who see it; others hear it by the control's own `aria-keyshortcuts`. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <span class="key-hint" aria-hidden="true">
      {keys.split(' ').map((key) => (
        <span class="key" key={key}>
          {key}
        </span>
      ))}
    </span>
  );
}
