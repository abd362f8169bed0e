import { useState } from 'preact/hooks';

/** A setting that this browser remembers. If storage is blocked, it lasts until the page closes. */
export function useRemembered(name: string, initial: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => recall(name) ?? initial);
  return [
    value,
    (next) => {
      setValue(next);
      remember(name, next);
    },
  ];
}

/** What this browser remembers; null where it remembers nothing. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`winnow ${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`winnow ${name}`, value);
  } catch {
    // The person is asked again next time.
  }
}

export function isTokenInAddress(): boolean {
  return new URLSearchParams(location.hash.slice(1)).has('token');
}

/**
 * The token from the address; null if there is none. It is removed from the address at once, because addresses are
 * copied, shown and bookmarked. The server turns it into a cookie, which holds in every tab.
 */
export function takeToken(): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token');
  if (token === null || token === '') return null;
  fragment.delete('token');
  const rest = fragment.toString();
  history.replaceState(history.state, '', location.pathname + location.search + (rest === '' ? '' : `#${rest}`));
  return token;
}
