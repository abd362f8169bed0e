// Where the person is, in the part of the address that the server never sees: a reload comes back to it, and the
// browser's own way back leads through the items.

interface Place {
  /** How many places of this page lie behind. */
  readonly depth: number;
}

/** @returns the number of the item the address names; null where it names none */
export function numberInAddress(): number | null {
  const text = new URLSearchParams(location.hash.slice(1)).get('item') ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** @param number null at the end of the round */
export function putInAddress(number: number | null, isNewPlace: boolean): void {
  const address = number === null ? location.pathname : `#item=${number}`;
  if (isNewPlace) history.pushState({ depth: depth() + 1 } satisfies Place, '', address);
  else history.replaceState({ depth: depth() } satisfies Place, '', address);
}

export function canGoBack(): boolean {
  return depth() > 0;
}

function depth(): number {
  return (history.state as Place | null)?.depth ?? 0;
}
