import { useEffect } from 'preact/hooks';
import { recall, remember } from './browser-storage.ts';

/** `system`: as the operating system says. */
export const THEMES = { system: 'Same as system', light: 'Light', dark: 'Dark' } as const;
export const TEXT_SIZES = { small: 'Small', normal: 'Normal', large: 'Large', largest: 'Largest' } as const;

/** How the page looks to one person. */
export interface Display {
  readonly theme: keyof typeof THEMES;
  readonly textSize: keyof typeof TEXT_SIZES;
}

const INITIAL: Display = { theme: 'system', textSize: 'normal' };

/** @param name null where the person is not known yet: what was chosen last in this browser */
export function displayOf(name: string | null): Display {
  const own = name === null ? null : recall(settingOf(name));
  try {
    const { theme, textSize } = JSON.parse(own ?? recall('display') ?? '{}') as Partial<Record<keyof Display, string>>;
    return { theme: keyOf(THEMES, theme) ?? INITIAL.theme, textSize: keyOf(TEXT_SIZES, textSize) ?? INITIAL.textSize };
  } catch {
    return INITIAL;
  }
}

/** Shows the page so from now on, and remembers it for the person and, until others choose, for this browser. */
export function chooseDisplay(name: string | null, display: Display): void {
  const text = JSON.stringify(display);
  remember('display', text);
  if (name !== null) remember(settingOf(name), text);
  applyDisplay(display);
}

/** Shows every page as the person wants it. */
export function useDisplayOf(name: string | null): void {
  useEffect(() => applyDisplay(displayOf(name)), [name]);
}

export function applyDisplay({ theme, textSize }: Display): void {
  const { dataset } = document.documentElement;
  dataset.theme = theme;
  dataset.textSize = textSize;
}

function settingOf(name: string): string {
  return `display of ${name}`;
}

function keyOf<Key extends string>(known: Readonly<Record<Key, string>>, given: string | undefined): Key | undefined {
  return (Object.keys(known) as Key[]).find((key) => key === given);
}
