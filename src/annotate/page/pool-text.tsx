import { useMemo, useState } from 'preact/hooks';
import { renderMarkdown } from './markdown.tsx';
import { textPieces, visibleText } from './visible-text.ts';

/** Longer than what anybody reads as Markdown, short enough to be parsed between two frames. */
const MOST_MARKDOWN = 20_000;
/** What is shown of a text at first. */
const FIRST_CHARACTERS = 20_000;
/** Browsers lay out one long text slowly, and many of these only as far as they are seen. */
const PIECE_CHARACTERS = 10_000;

export interface PoolTextProps {
  readonly text: string;
  /** As it is written, not as Markdown. */
  readonly isRaw: boolean;
}

/** A text of the pool or of a model, however long or hostile it is. */
export function PoolText({ text, isRaw }: PoolTextProps) {
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > FIRST_CHARACTERS;
  const shown = useMemo(
    () => visibleText(isLong && !isWhole ? textPieces(text, FIRST_CHARACTERS)[0]! : text),
    [text, isLong, isWhole],
  );
  const markdown = useMemo(
    () => (isRaw || text.length > MOST_MARKDOWN ? null : renderMarkdown(shown)),
    [isRaw, text, shown],
  );
  if (text.trim() === '') return <p class="muted">It is blank.</p>;
  return (
    <div class="pool-text">
      {markdown === null ? <RawText text={shown} /> : <div class="markdown">{markdown}</div>}
      {isLong && (
        <p class="more">
          {isWhole
            ? `All ${count(text.length)} characters.`
            : `The first of ${count(text.length)} characters, as they are written.`}{' '}
          <button type="button" onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Show less' : 'Show all'}
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

function count(characters: number): string {
  return characters.toLocaleString('en-US');
}
