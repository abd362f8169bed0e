import { useState } from 'preact/hooks';

const SAID_FOR_MS = 2000;

/** Puts a text into the clipboard. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [says, setSays] = useState('');
  const copy = async () => {
    setSays((await copied(text)) ? 'Copied' : 'Not copied: select it yourself');
    setTimeout(() => setSays(''), SAID_FOR_MS);
  };
  return (
    <span class="copy screen-only">
      <button type="button" onClick={copy}>
        Copy<span class="hidden"> {what}</span>
      </button>
      <span role="status">{says}</span>
    </span>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page opened from disk has no clipboard of its own in some browsers.
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
