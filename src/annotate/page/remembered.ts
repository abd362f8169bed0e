import { useState } from 'preact/hooks';

/** A setting of this browser. Storage may be forbidden: then it lasts as long as the page. */
export function useRemembered(name: string, otherwise: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => recall(name) ?? otherwise);
  return [
    value,
    (next) => {
      setValue(next);
      remember(name, next);
    },
  ];
}

function recall(name: string): string | null {
  try {
    return localStorage.getItem(`winnow ${name}`);
  } catch {
    return null;
  }
}

function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`winnow ${name}`, value);
  } catch {
    // It is asked for again next time.
  }
}
