import { useEffect, useRef } from 'preact/hooks';

export type Command =
  | 'submit'
  | 'leave-editor'
  | 'edit'
  | 'skip'
  | 'reject'
  | 'use-model-answer'
  | 'later'
  | 'back'
  | 'previous'
  | 'next'
  | 'list'
  | 'search'
  | 'go-to'
  | 'text-view'
  | 'guidelines'
  | 'shortcuts';

export interface KeyBinding {
  readonly command: Command;
  /** The value of `KeyboardEvent.key`. */
  readonly key: string;
  /** As printed on the keyboard. */
  readonly shown: string;
  readonly description: string;
}

/** All keyboard shortcuts, in the order people need them. */
export const KEY_BINDINGS: readonly KeyBinding[] = [
  { command: 'edit', key: 'e', shown: 'E', description: 'Write a response' },
  { command: 'submit', key: 'Enter', shown: 'Ctrl Enter', description: 'Submit, also while writing' },
  { command: 'leave-editor', key: 'Escape', shown: 'Esc', description: 'Leave the editor or close a dialog' },
  { command: 'skip', key: 's', shown: 'S', description: 'Skip this item' },
  { command: 'reject', key: 'r', shown: 'R', description: 'Reject this instruction' },
  { command: 'use-model-answer', key: 'f', shown: 'F', description: "Use the model's answer as a draft" },
  { command: 'later', key: 'n', shown: 'N', description: 'Leave this for later and go to the next open item' },
  { command: 'back', key: 'b', shown: 'B', description: 'Go back' },
  { command: 'previous', key: 'k', shown: 'K', description: 'Previous item in the list' },
  { command: 'next', key: 'j', shown: 'J', description: 'Next item in the list' },
  { command: 'list', key: 'l', shown: 'L', description: 'List all items' },
  { command: 'search', key: '/', shown: '/', description: 'Search items' },
  { command: 'go-to', key: 'g', shown: 'G', description: 'Go to an item number' },
  { command: 'text-view', key: 'm', shown: 'M', description: 'Show texts as written, as Markdown, or with maths' },
  { command: 'guidelines', key: 'h', shown: 'H', description: 'Read the guidelines' },
  { command: 'shortcuts', key: '?', shown: '?', description: 'Show shortcuts' },
];

/**
 * The command of a key. While the person is typing, only keys that write no text are commands. Single-key shortcuts can
 * be turned off, because speech input and other tools may send such keys.
 */
export function commandOf(event: KeyboardEvent, hasSingleKeys: boolean): Command | undefined {
  if (isComposing(event) || event.altKey) return undefined;
  const withControl = event.ctrlKey || event.metaKey;
  // A repeated key would submit the next item too.
  if (withControl) return event.key === 'Enter' && !event.repeat ? 'submit' : undefined;
  const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select');
  if (isTyping) return event.key === 'Escape' ? 'leave-editor' : undefined;
  if (!hasSingleKeys) return undefined;
  const key = keyOf(event);
  return KEY_BINDINGS.find((binding) => binding.key === key && !['submit', 'leave-editor'].includes(binding.command))
    ?.command;
}

/** For Greek, Cyrillic or Hebrew letters, the Latin letter of the same physical key; other characters as they are. */
function keyOf({ key, code }: KeyboardEvent): string {
  if (/^(?!\p{Script=Latin})\p{L}$/u.test(key)) return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? key;
  return key.length === 1 ? key.toLowerCase() : key;
}

/** Runs the commands of keys anywhere on the page. An open dialog handles its keys itself. */
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

/** The key code of a key that an input method handles. */
const TO_INPUT_METHOD = 229;

/**
 * Whether an input method handles the key, for example in Japanese: there Enter accepts a word, Escape discards it and
 * arrows choose another. Safari reports the last key only after the composition has ended, so the key code is checked too.
 */
export function isComposing({ isComposing: isInProgress, keyCode }: KeyboardEvent): boolean {
  return isInProgress || keyCode === TO_INPUT_METHOD;
}

/**
 * Whether the person uses a mouse or similar, and so has a keyboard. On other devices, focusing a field opens an
 * on-screen keyboard that hides half of the page.
 */
export function hasFinePointer(): boolean {
  return matchMedia('(pointer: fine)').matches;
}

/** Shows the shortcut of a control. Screen readers get it from the control's `aria-keyshortcuts`. */
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
