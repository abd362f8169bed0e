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
    // The person is asked again next time.
  }
}

const KEY = 'winnow token';

export function isTokenInAddress(): boolean {
  return new URLSearchParams(location.hash.slice(1)).has('token');
}

/**
 * The token from the address, or the one stored for this tab. It is removed from the address at once, because addresses
 * are copied, shown and bookmarked.
 */
export function takeToken(): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token');
  if (token !== null && token !== '') {
    keepToken(token);
    fragment.delete('token');
    const rest = fragment.toString();
    history.replaceState(history.state, '', location.pathname + location.search + (rest === '' ? '' : `#${rest}`));
    return token;
  }
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function keepToken(token: string): void {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // The person is asked again after a reload.
  }
}

export function forgetToken(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was stored.
  }
}
