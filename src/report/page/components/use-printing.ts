import { useEffect, useState } from 'preact/hooks';

/** Whether the page is drawn for paper at this moment. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(() => matchMedia('print').matches);
  useEffect(() => {
    const media = matchMedia('print');
    const look = () => setPrinting(media.matches);
    // Some browsers tell by events alone, and before the style sheets change.
    const before = () => setPrinting(true);
    const after = () => setPrinting(false);
    media.addEventListener('change', look);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      media.removeEventListener('change', look);
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
  return isPrinting;
}
