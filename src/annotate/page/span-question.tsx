import { useRef, useState } from 'preact/hooks';
import { type Answer, codePoints, type Question, type Span, utf16Position } from '../../domain/questions.ts';
import { KeyHint } from './keyboard.tsx';
import { visibleText } from './visible-text.ts';

export interface SpanProps {
  readonly question: Extract<Question, { kind: 'span' }>;
  readonly answer: Answer | undefined;
  readonly onAnswer: (answer: Answer | null) => void;
}

const LONGEST_EXCERPT = 60;

/** A text to mark parts of: select them with the mouse or with Shift and the arrows, then press a number or a button. */
export function SpanQuestion({ question: { text, labels, ask }, answer, onAnswer }: SpanProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [problem, setProblem] = useState('');
  const spans = Array.isArray(answer) ? answer.filter((part): part is Span => typeof part === 'object') : [];
  // A text field shows every line end as one character.
  const shown = text.replace(/\r\n?/g, '\n');
  const mark = (label: string) => {
    const { selectionStart, selectionEnd } = field.current!;
    if (selectionStart === selectionEnd) return setProblem('Select a part of the text first.');
    setProblem('');
    const span = { start: pointAt(text, selectionStart), end: pointAt(text, selectionEnd), label };
    const isKnown = spans.some((one) => one.start === span.start && one.end === span.end && one.label === label);
    if (!isKnown) onAnswer([...spans, span].sort((a, b) => a.start - b.start || a.end - b.end));
  };
  return (
    <div class="spans">
      <textarea
        ref={field}
        // Read-only fields have no caret to select with.
        aria-readonly="true"
        inputMode="none"
        spellcheck={false}
        onBeforeInput={(event) => event.preventDefault()}
        rows={6}
        dir="auto"
        aria-label={ask}
        value={shown}
        onKeyDown={(event) => {
          const label =
            /^[1-9]$/.test(event.key) && !event.ctrlKey && !event.altKey ? labels[Number(event.key) - 1] : undefined;
          if (label === undefined) return;
          event.preventDefault();
          mark(label);
        }}
      />
      <div class="buttons">
        {labels.map((label, at) => (
          <button type="button" key={label} onClick={() => mark(label)} aria-keyshortcuts={String(at + 1)}>
            <span dir="auto">{visibleText(label)}</span> <KeyHint keys={String(at + 1)} />
          </button>
        ))}
      </div>
      <p class="muted" role="status">
        {problem}
      </p>
      <ul class="marked">
        {spans.map((span) => {
          const part = text.slice(utf16Position(text, span.start), utf16Position(text, span.end));
          const excerpt = part.length > LONGEST_EXCERPT ? `${part.slice(0, LONGEST_EXCERPT).toWellFormed()} …` : part;
          return (
            <li key={`${span.start} ${span.end} ${span.label}`}>
              <strong dir="auto">{visibleText(span.label)}</strong>{' '}
              <span dir="auto" class="isolated">
                {visibleText(excerpt)}
              </span>{' '}
              <button
                type="button"
                class="quiet"
                aria-label={`Remove ${span.label}: ${excerpt}`}
                onClick={() => {
                  const others = spans.filter((one) => one !== span);
                  onAnswer(others.length === 0 ? null : others);
                }}
              >
                ✕
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** The code point of the text at a position of the field, in which "\r\n" counts once. */
function pointAt(text: string, position: number): number {
  let at = 0;
  for (let passed = 0; passed < position; passed += 1) at += text.startsWith('\r\n', at) ? 2 : 1;
  return codePoints(text, at);
}
