import { useEffect, useRef, useState } from 'preact/hooks';
import type { LinksAnswer } from '../server/web-api.ts';
import type { DeskApi } from './desk-api.ts';
import { count } from './formats.tsx';
import { useAnswers } from './use-answers.ts';
import { visibleText } from './visible-text.ts';

/** The personal links: the lead invites people, copies their links and revokes them. */
export function LinkList({ api }: { readonly api: DeskApi }) {
  const { answer, news, tell, load } = useAnswers<LinksAnswer | null>(null);
  const [name, setName] = useState('');
  useEffect(() => void load(api.links(), ''), [api]);
  return (
    <section aria-labelledby="links-heading">
      <h3 id="links-heading">Personal links</h3>
      <p class="muted">A link gives access under one name. Send each person their own.</p>
      <form
        class="invite"
        onSubmit={(event) => {
          event.preventDefault();
          const invited = name.trim();
          if (invited === '') return;
          void load(api.invite([invited]), `Invited ${invited}.`).then((isDone) => isDone && setName(''));
        }}
      >
        <label for="invited">Name</label>
        <input
          id="invited"
          autocomplete="off"
          maxLength={60}
          dir="auto"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit">Invite</button>
      </form>
      <p role="status" class={news.isProblem ? 'trouble' : 'muted'}>
        {news.text}
      </p>
      {answer !== null && answer.links.length > 0 && (
        <ul class="links">
          {answer.links.map(({ id, annotator, token }) => (
            <LinkRow
              key={id}
              annotator={annotator}
              link={`${location.origin}/#token=${encodeURIComponent(token)}`}
              onCopied={() => tell(`Link of ${annotator} copied.`)}
              onRevoke={() => void load(api.revokeLink(id), `${annotator} no longer has access.`)}
            />
          ))}
        </ul>
      )}
      {answer !== null && answer.revoked > 0 && <p class="muted">Revoked links: {count(answer.revoked)}.</p>}
    </section>
  );
}

interface LinkRowProps {
  readonly annotator: string;
  readonly link: string;
  readonly onCopied: () => void;
  readonly onRevoke: () => void;
}

function LinkRow({ annotator, link, onCopied, onRevoke }: LinkRowProps) {
  const field = useRef<HTMLInputElement>(null);
  const [isAsked, setAsked] = useState(false);
  const whose = visibleText(annotator);
  return (
    <li>
      <span class="isolated name">{whose}</span>
      <input
        ref={field}
        readOnly
        aria-label={`Link of ${whose}`}
        value={link}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button
        type="button"
        aria-label={`Copy link of ${whose}`}
        onClick={() => {
          field.current!.select();
          // The newer way works over https only.
          if (document.execCommand('copy')) onCopied();
        }}
      >
        Copy
      </button>
      {isAsked ? (
        <>
          <button type="button" class="danger" aria-label={`Revoke link of ${whose} now`} onClick={onRevoke}>
            Revoke now
          </button>
          <button type="button" class="quiet" onClick={() => setAsked(false)}>
            Cancel
          </button>
        </>
      ) : (
        <button type="button" class="quiet" aria-label={`Revoke link of ${whose}`} onClick={() => setAsked(true)}>
          Revoke…
        </button>
      )}
    </li>
  );
}
