import { useEffect, useState } from 'preact/hooks';
import { usePrinting } from '../components/use-printing.ts';
import type { Theme } from './point-colors.ts';

/** The theme a canvas is to be drawn in at this moment: paper is light. */
export function useTheme(): Theme {
  const isPrinting = usePrinting();
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)');
    const look = () => setDark(media.matches);
    media.addEventListener('change', look);
    return () => media.removeEventListener('change', look);
  }, []);
  return isDark && !isPrinting ? 'dark' : 'light';
}
