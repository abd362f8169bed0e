import { useState } from 'preact/hooks';

const SHOWN_FOR_MS = 2000;

/** Copies a text to the clipboard. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [status, setStatus] = useState('');
  const copy = async () => {
    setStatus((await copied(text)) ? 'Copied' : 'Copy failed. Select the text instead.');
    setTimeout(() => setStatus(''), SHOWN_FOR_MS);
  };
  return (
    <span class="copy screen-only">
      <button type="button" onClick={copy}>
        Copy<span class="hidden"> {what}</span>
      </button>
      <span role="status">{status}</span>
    </span>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Some browsers have no clipboard for pages opened from disk.
    return copiedBySelection(text);
  }
}

function copiedBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hidden';
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
