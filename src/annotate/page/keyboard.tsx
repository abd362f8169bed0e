import { useEffect, useRef } from 'preact/hooks';

export type Command =
  | 'submit'
  | 'leave-editor'
  | 'edit'
  | 'questions'
  | 'skip'
  | 'reject'
  | 'give-reason'
  | 'doubt'
  | 'note'
  | 'use-model-answer'
  | 'later'
  | 'back'
  | 'return'
  | 'previous'
  | 'next'
  | 'list'
  | 'search'
  | 'go-to'
  | 'text-view'
  | 'changes'
  | 'guidelines'
  | 'display'
  | 'shortcuts';

export interface KeyBinding {
  readonly command: Command;
  /** The value of `KeyboardEvent.key`. */
  readonly key: string;
  /** As printed on the keyboard. */
  readonly shown: string;
  /**
   * The key that does the same from within a text field, with `TEXT_MODIFIER`. Not D, E or F, which Chrome uses with
   * Alt, nor B, H, S, T or V, which open menus of Firefox. Screen readers use other modifiers.
   */
  readonly inText?: string;
  readonly description: string;
}

/** All keyboard shortcuts, in the order people need them. */
export const KEY_BINDINGS: readonly KeyBinding[] = [
  { command: 'edit', key: 'e', shown: 'E', description: 'Write a response' },
  { command: 'questions', key: 'a', shown: 'A', description: 'Go to the questions (Tab, while you write)' },
  { command: 'submit', key: 'Enter', shown: 'Ctrl Enter', description: 'Submit, also while writing' },
  { command: 'leave-editor', key: 'Escape', shown: 'Esc', description: 'Leave the editor or close a dialog' },
  { command: 'skip', key: 's', shown: 'S', inText: 'p', description: 'Skip this item (pass)' },
  { command: 'reject', key: 'r', shown: 'R', inText: 'r', description: 'Reject this instruction' },
  {
    command: 'give-reason',
    key: 'y',
    shown: 'Y',
    inText: 'y',
    description: 'Say why you skipped or rejected the last item',
  },
  { command: 'doubt', key: 'x', shown: 'X', inText: 'x', description: 'Mark your answer as doubtful, or not' },
  { command: 'note', key: 'c', shown: 'C', inText: 'c', description: 'Write a note (comment) for the project lead' },
  { command: 'use-model-answer', key: 'f', shown: 'F', inText: 'a', description: "Use the model's answer as a draft" },
  {
    command: 'later',
    key: 'n',
    shown: 'N',
    inText: 'n',
    description: 'Leave this for later and go to the next open item',
  },
  { command: 'back', key: 'b', shown: 'B', inText: 'o', description: 'Go back' },
  {
    command: 'return',
    key: 'w',
    shown: 'W',
    inText: 'z',
    description: 'Return to where you were, after a look at other items',
  },
  { command: 'previous', key: 'k', shown: 'K', inText: 'k', description: 'Previous item in the list' },
  { command: 'next', key: 'j', shown: 'J', inText: 'j', description: 'Next item in the list' },
  { command: 'list', key: 'l', shown: 'L', inText: 'l', description: 'List all items' },
  { command: 'search', key: '/', shown: '/', inText: 'u', description: 'Search items' },
  { command: 'go-to', key: 'g', shown: 'G', inText: 'g', description: 'Go to an item number' },
  {
    command: 'text-view',
    key: 'm',
    shown: 'M',
    inText: 'm',
    description: 'Show texts as written, as Markdown, or with maths',
  },
  { command: 'changes', key: 'd', shown: 'D', inText: 'w', description: "Show what you change in the model's answer" },
  { command: 'guidelines', key: 'h', shown: 'H', inText: 'i', description: 'Read the guidelines' },
  { command: 'display', key: 't', shown: 'T', description: 'Choose the theme and the text size' },
  { command: 'shortcuts', key: '?', shown: '?', inText: 'q', description: 'Show shortcuts' },
];

/** On a Mac, Option and a letter write a character, and VoiceOver has Control and Option. */
const IS_APPLE = /^(?:Mac|iP)/.test(navigator.platform);

/** Held with the key `inText` of a binding, as printed on the keyboard. */
export const TEXT_MODIFIER = IS_APPLE ? '⌃⌘' : 'Alt';

/** The keys of a command as `aria-keyshortcuts` writes them. */
export function shortcutsOf(command: Command): string {
  const { key, inText } = KEY_BINDINGS.find((binding) => binding.command === command)!;
  const modifier = IS_APPLE ? 'Control+Meta' : 'Alt';
  return [key.toUpperCase(), ...(inText === undefined ? [] : [`${modifier}+${inText.toUpperCase()}`])].join(' ');
}

function hasTextModifier(event: KeyboardEvent): boolean {
  const { altKey, ctrlKey, metaKey, shiftKey } = event;
  // AltGr writes characters, and Orca has Alt and Shift.
  if (shiftKey || event.getModifierState('AltGraph')) return false;
  return IS_APPLE ? ctrlKey && metaKey && !altKey : altKey && !ctrlKey && !metaKey;
}

/** Holding one of these keys a little longer must not submit the next item too. */
const SUBMITTING: readonly (Command | undefined)[] = ['submit', 'skip', 'reject'];

/**
 * The command of a key. While the person is typing, only keys that write no text are commands: those with
 * `TEXT_MODIFIER`, which work anywhere. Single-key shortcuts can be turned off, because speech input and other tools may
 * send such keys.
 */
export function commandOf(event: KeyboardEvent, hasSingleKeys: boolean): Command | undefined {
  if (isComposing(event)) return undefined;
  if (hasTextModifier(event)) {
    const key = keyOf(event);
    return KEY_BINDINGS.find(({ inText }) => inText === key)?.command;
  }
  if (event.altKey) return undefined;
  const withControl = event.ctrlKey || event.metaKey;
  if (withControl) return event.key === 'Enter' ? 'submit' : undefined;
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
    let held: string | undefined;
    const listen = (event: KeyboardEvent) => {
      // The focus may be in the next item's text by now.
      if (event.repeat && event.code === held) event.preventDefault();
      else held = undefined;
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      const command = commandOf(event, latest.current.hasSingleKeys);
      if (command === undefined) return;
      event.preventDefault();
      if (SUBMITTING.includes(command)) held = event.code;
      if (SUBMITTING.includes(command) && event.repeat) return;
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
