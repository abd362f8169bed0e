import { useEffect, useRef, useState } from 'preact/hooks';
import { visibleText } from './visible-text.ts';

export interface EntryProps {
  readonly campaign: string;
  readonly name: string;
  /** Why the last name was refused. */
  readonly problem: string | null;
  readonly onName: (name: string) => void;
}

/** Asks for the person's name, which is stored with their labels. */
export function Entry({ campaign, name, problem, onName }: EntryProps) {
  const [text, setText] = useState(name);
  const [isSubmitted, setSubmitted] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current!.focus(), []);
  const isEmpty = text.trim() === '';
  const shown = isSubmitted && isEmpty ? 'Enter your name.' : problem;
  return (
    <main class="entry">
      <p class="wordmark">winnow</p>
      <h1>
        Annotate <span class="isolated">{visibleText(campaign)}</span>
      </h1>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setSubmitted(true);
          if (!isEmpty) onName(text.replace(/\p{Cs}/gu, '').trim());
        }}
      >
        <label for="name">Your name</label>
        <input
          id="name"
          autocomplete="nickname"
          maxLength={60}
          required
          dir="auto"
          ref={field}
          value={text}
          aria-invalid={shown !== null}
          aria-describedby="name-hint"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <p id="name-hint" class={shown === null ? 'muted' : 'trouble'} role="status">
          {shown ?? 'Your labels are saved under this name. Use the same one every time.'}
        </p>
        <button type="submit" class="primary">
          Start
        </button>
      </form>
    </main>
  );
}

export interface TokenEntryProps {
  /** False if there was no token. */
  readonly isWrong: boolean;
  readonly onToken: (token: string) => void;
}

/** Asks for the token of the link. */
export function TokenEntry({ isWrong, onToken }: TokenEntryProps) {
  const [text, setText] = useState('');
  return (
    <main class="entry">
      <p class="wordmark">winnow</p>
      <h1>{isWrong ? 'This link is not valid' : 'Open your link'}</h1>
      <p>
        {isWrong ? 'It may have been revoked or replaced.' : 'Your link to this page has a token at the end.'} Open your
        full link again, or paste it here. Your project lead has it.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const token = text.trim().replace(/^.*[#&]token=/, '');
          if (token !== '') onToken(decodeToken(token));
        }}
      >
        <label for="token">Link or token</label>
        <input
          id="token"
          autocomplete="off"
          spellcheck={false}
          maxLength={2000}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="primary">
          Continue
        </button>
      </form>
    </main>
  );
}

function decodeToken(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
