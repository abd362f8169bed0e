import { useMemo, useState } from 'preact/hooks';
import { count } from './formats.tsx';
import { renderMarkdown } from './markdown.tsx';
import type { TextView } from './text-view.ts';
import { textPieces, visibleText } from './visible-text.ts';
import { WrittenText } from './written-text.tsx';

/** Longer texts are rarely Markdown, and would take too long to parse. */
const MOST_MARKDOWN = 20_000;
/** How much of a text is shown at first. */
const FIRST_CHARACTERS = 20_000;

export interface PoolTextProps {
  readonly text: string;
  readonly view: TextView;
}

/** A text from the pool or a model, safe at any length and with any content. */
export function PoolText({ text, view }: PoolTextProps) {
  const [isComplete, setComplete] = useState(false);
  const isLong = text.length > FIRST_CHARACTERS;
  const shown = useMemo(
    () => visibleText(isLong && !isComplete ? textPieces(text, FIRST_CHARACTERS)[0]! : text),
    [text, isLong, isComplete],
  );
  const markdown = useMemo(
    () =>
      view === 'written' || text.length > MOST_MARKDOWN ? null : renderMarkdown(shown, { hasMaths: view === 'maths' }),
    [view, text, shown],
  );
  // The same element is not rendered again with every key: code would be colored again.
  const written = useMemo(() => <WrittenText text={shown} />, [shown]);
  if (text.trim() === '') return <p class="muted">(empty)</p>;
  return (
    <div class="pool-text">
      {markdown === null ? written : <div class="markdown">{markdown}</div>}
      {isLong && (
        <p class="more">
          {isComplete
            ? `All ${count(text.length)} characters.`
            : `The start of ${count(text.length)} characters, as written.`}{' '}
          <button type="button" onClick={() => setComplete(!isComplete)}>
            {isComplete ? 'Show less' : 'Show all'}
          </button>
        </p>
      )}
    </div>
  );
}
