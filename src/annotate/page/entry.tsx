import { useEffect, useRef, useState } from 'preact/hooks';
import { visibleText } from './visible-text.ts';

export interface EntryProps {
  readonly campaign: string;
  readonly name: string;
  /** Why the last one will not do. */
  readonly problem: string | null;
  readonly onName: (name: string) => void;
}

/** Asks who is there: labels carry the name. */
export function Entry({ campaign, name, problem, onName }: EntryProps) {
  const [text, setText] = useState(name);
  const [isAsked, setAsked] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current!.focus(), []);
  const isBlank = text.trim() === '';
  const wrong = isAsked && isBlank ? 'Please enter a name.' : problem;
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
          setAsked(true);
          if (!isBlank) onName(text.replace(/\p{Cs}/gu, '').trim());
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
          aria-invalid={wrong !== null}
          aria-describedby="name-hint"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <p id="name-hint" class={wrong === null ? 'muted' : 'trouble'} role="status">
          {wrong ?? 'Your labels are kept under it, apart from those of others. Use the same one each time.'}
        </p>
        <button type="submit" class="primary">
          Begin
        </button>
      </form>
    </main>
  );
}

export interface TokenEntryProps {
  /** False where there was none at all. */
  readonly isWrong: boolean;
  readonly onToken: (token: string) => void;
}

/** Without the token of the address nobody gets in. */
export function TokenEntry({ isWrong, onToken }: TokenEntryProps) {
  const [text, setText] = useState('');
  return (
    <main class="entry">
      <p class="wordmark">winnow</p>
      <h1>{isWrong ? 'The token is wrong' : 'A token is needed'}</h1>
      <p>
        {isWrong
          ? 'Perhaps winnow annotate was started again since: it makes new tokens then.'
          : 'The address you were given ends in #token=… and opens this page.'}{' '}
        Open the whole address again, or paste it here.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const token = text.trim().replace(/^.*[#&]token=/, '');
          if (token !== '') onToken(decodeToken(token));
        }}
      >
        <label for="token">Address or token</label>
        <input
          id="token"
          autocomplete="off"
          spellcheck={false}
          maxLength={2000}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="primary">
          Enter
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
