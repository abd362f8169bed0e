import type { Ref } from 'preact';

export interface WaitingViewProps {
  readonly heading: Ref<HTMLHeadingElement>;
  readonly field: Ref<HTMLTextAreaElement>;
  readonly text: string;
  readonly onWrite: (text: string) => void;
}

/** Shown while the next item is on its way. What a person types meanwhile goes into it. */
export function WaitingView({ heading, field, text, onWrite }: WaitingViewProps) {
  return (
    <div class="work">
      <div class="item">
        <h2 ref={heading} tabIndex={-1} class="muted">
          Loading the next item…
        </h2>
      </div>
      <div class="writing">
        <section class="editor" aria-label="Your response">
          <div class="card-head">
            <label for="response">Your response</label>
          </div>
          <textarea
            id="response"
            ref={field}
            dir="auto"
            spellcheck
            value={text}
            onInput={(event) => onWrite(event.currentTarget.value)}
          />
        </section>
      </div>
    </div>
  );
}
