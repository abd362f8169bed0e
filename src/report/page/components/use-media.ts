import { useEffect, useState } from 'preact/hooks';

/** Whether the page is being printed. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(() => matchMedia('print').matches);
  useEffect(() => {
    const media = matchMedia('print');
    const update = () => setPrinting(media.matches);
    // Some browsers only send these events, and send them before the style sheets change.
    const before = () => setPrinting(true);
    const after = () => setPrinting(false);
    media.addEventListener('change', update);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      media.removeEventListener('change', update);
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
  return isPrinting;
}

export type Theme = 'light' | 'dark';

/** The color theme in use. Print is always light. */
export function useTheme(): Theme {
  const isPrinting = usePrinting();
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)');
    const update = () => setDark(media.matches);
    media.addEventListener('change', update);
    return () => media.removeEventListener('change', update);
  }, []);
  return isDark && !isPrinting ? 'dark' : 'light';
}
