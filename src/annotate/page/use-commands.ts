import { useEffect, useRef } from 'preact/hooks';
import { type Command, commandOf } from './keys.ts';

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
