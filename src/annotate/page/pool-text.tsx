import { useMemo, useState } from 'preact/hooks';
import { count } from './formats.tsx';
import { renderMarkdown } from './markdown.tsx';
import { textPieces, visibleText } from './visible-text.ts';

/** Longer texts are rarely Markdown, and would take too long to parse. */
const MOST_MARKDOWN = 20_000;
/** How much of a text is shown at first. */
const FIRST_CHARACTERS = 20_000;
/** Browsers lay out one long text slowly, but skip pieces that are not visible. */
const PIECE_CHARACTERS = 10_000;

export interface PoolTextProps {
  readonly text: string;
  /** Whether to show raw text instead of Markdown. */
  readonly isRaw: boolean;
}

/** A text from the pool or a model, safe at any length and with any content. */
export function PoolText({ text, isRaw }: PoolTextProps) {
  const [isComplete, setComplete] = useState(false);
  const isLong = text.length > FIRST_CHARACTERS;
  const shown = useMemo(
    () => visibleText(isLong && !isComplete ? textPieces(text, FIRST_CHARACTERS)[0]! : text),
    [text, isLong, isComplete],
  );
  const markdown = useMemo(
    () => (isRaw || text.length > MOST_MARKDOWN ? null : renderMarkdown(shown)),
    [isRaw, text, shown],
  );
  if (text.trim() === '') return <p class="muted">(empty)</p>;
  return (
    <div class="pool-text">
      {markdown === null ? <RawText text={shown} /> : <div class="markdown">{markdown}</div>}
      {isLong && (
        <p class="more">
          {isComplete
            ? `All ${count(text.length)} characters.`
            : `The start of ${count(text.length)} characters, as raw text.`}{' '}
          <button type="button" onClick={() => setComplete(!isComplete)}>
            {isComplete ? 'Show less' : 'Show all'}
          </button>
        </p>
      )}
    </div>
  );
}

function RawText({ text }: { readonly text: string }) {
  return (
    <div class="raw-text">
      {textPieces(text, PIECE_CHARACTERS).map((piece) => (
        <div dir="auto" class="piece">
          {piece}
        </div>
      ))}
    </div>
  );
}
