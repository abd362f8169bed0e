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

const KEY = 'winnow token';

export function isTokenInAddress(): boolean {
  return new URLSearchParams(location.hash.slice(1)).has('token');
}

/**
 * The token of the address, which goes out of sight at once: addresses are copied, shown and kept. It lasts as long as
 * the tab.
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
    // It is asked for again after a reload.
  }
}

export function forgetToken(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // There was nothing to forget.
  }
}
