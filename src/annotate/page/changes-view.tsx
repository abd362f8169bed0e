import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Change, changesBetween } from './changes.ts';
import { count } from './formats.tsx';
import { visibleText } from './visible-text.ts';

/** The comparison waits for this pause in typing, so that no key waits for it. */
const PAUSE_MS = 250;
/** Of longer texts, only what is around the changes is shown. */
const MOST_SHOWN = 20_000;
const CHARACTERS_AROUND = 300;

export interface ChangesViewProps {
  readonly from: string;
  readonly to: string;
}

/** What was changed in a text. Screen readers hear what was added and what was removed. */
export function ChangesView({ from, to }: ChangesViewProps) {
  const settled = useSettled(to);
  const changes = useMemo(() => changesBetween(from, settled), [from, settled]);
  const isLong = from.length + settled.length > MOST_SHOWN;
  const changed = changes.filter(({ kind }) => kind !== 'same').length;
  if (changed === 0) return <p class="muted">No changes.</p>;
  return (
    <div class="pool-text">
      <p class="changes" dir="auto">
        {changes.map((change, at) => (
          <ChangeView key={at} change={change} isFolded={isLong} />
        ))}
      </p>
    </div>
  );
}

function ChangeView({ change: { kind, text }, isFolded }: { readonly change: Change; readonly isFolded: boolean }) {
  if (kind === 'same') {
    if (!isFolded || text.length <= 3 * CHARACTERS_AROUND) return <>{visibleText(text)}</>;
    return (
      <>
        {visibleText(text.slice(0, CHARACTERS_AROUND).toWellFormed())}
        <span class="folded"> … {count(text.length - 2 * CHARACTERS_AROUND)} unchanged characters … </span>
        {visibleText(text.slice(-CHARACTERS_AROUND).toWellFormed())}
      </>
    );
  }
  const Element = kind === 'added' ? 'ins' : 'del';
  return (
    <Element>
      <span class="visually-hidden">[{kind}: </span>
      {shownChange(text)}
      <span class="visually-hidden">] </span>
    </Element>
  );
}

/** Line ends that were added or removed alone would not be seen. */
function shownChange(text: string): string {
  const visible = visibleText(text);
  const shown = visible.length > MOST_SHOWN ? `${visible.slice(0, MOST_SHOWN).toWellFormed()} …` : visible;
  return shown.trim() === '' ? shown.replaceAll('\n', '↵\n') : shown;
}

/** The value after a pause in its changes. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (value === settled) return;
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value, settled]);
  return settled;
}
