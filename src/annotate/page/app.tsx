import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { SessionAnswer } from '../server/web-api.ts';
import { isTokenInAddress, takeToken, useRemembered } from './browser-storage.ts';
import { asRequestError, DeskApi, type RequestError, retryAfterMs } from './desk-api.ts';
import { DeskPage } from './desk-page.tsx';
import { useDisplayOf } from './display.ts';
import { Entry, TokenEntry } from './entry.tsx';
import { LeadPage } from './lead-page.tsx';

/** Shows the page for the person's link, name and address. */
export function App() {
  // A link is used once: it is a cookie afterwards.
  const [visit, setVisit] = useState(() => ({ token: takeToken() }));
  const [ownName, setOwnName] = useRemembered('name', '');
  const [isNameAsked, setNameAsked] = useState(ownName === '');
  const [nameProblem, setNameProblem] = useState<string | null>(null);
  const [session, setSession] = useState<SessionAnswer | null>(null);
  const [problem, setProblem] = useState<RequestError | null>(null);
  const campaignKey = session?.key ?? null;
  const name = session?.hasLinks === true ? session.name : isNameAsked ? null : ownName;
  useDisplayOf(name);
  const api = useMemo(() => new DeskApi({ campaignKey, name }), [campaignKey, name]);

  useEffect(() => connect(visit.token, setSession, setProblem), [visit]);

  const signIn = useCallback((token: string | null) => {
    setProblem(null);
    setNameProblem(null);
    // The server may serve another campaign now, or another person may have signed in.
    setSession(null);
    setVisit({ token });
  }, []);
  useEffect(() => {
    const stop = new AbortController();
    // If the page is already open, opening a link with a token loads nothing.
    const take = () => isTokenInAddress() && signIn(takeToken());
    addEventListener('hashchange', take, { signal: stop.signal });
    return () => stop.abort();
  }, []);

  const refuse = useCallback((refusal: RequestError) => {
    if (refusal.code === 'TOKEN_WRONG') setProblem(refusal);
    else if (refusal.code === 'OTHER_PERSON') signIn(null);
    else {
      setNameProblem(`${refusal.message} ${refusal.hint ?? ''}`.trim());
      setNameAsked(true);
    }
  }, []);

  if (problem?.code === 'TOKEN_WRONG') return <TokenEntry isWrong={visit.token !== null} onToken={signIn} />;
  if (session === null) {
    return (
      <main class="entry">
        <p class="wordmark">winnow</p>
        <p role="status">{problem === null ? '' : `${problem.message} Retrying…`}</p>
      </main>
    );
  }
  const leave = () => {
    if (!session.hasLinks) setNameAsked(true);
    else void api.signOut().then(() => signIn(null), refuse);
  };
  if (location.pathname === '/lead') {
    return <LeadPage api={api} session={session} name={name} onLeave={leave} onRefused={refuse} />;
  }
  if (name === null) {
    return (
      <Entry
        campaign={session.campaign}
        name={session.hasLinks ? '' : ownName}
        problem={nameProblem}
        onName={(next) => {
          setNameProblem(null);
          if (session.hasLinks) void api.join(next).then(setSession, (error) => refuse(asRequestError(error)));
          else {
            setOwnName(next);
            setNameAsked(false);
          }
        }}
      />
    );
  }
  return <DeskPage key={name} api={api} session={session} name={name} onLeave={leave} onRefused={refuse} />;
}

/**
 * Asks the server for the session until it answers.
 * @param token of a link that was opened; null if there is none
 * @returns a function that stops it
 */
function connect(
  token: string | null,
  onSession: (session: SessionAnswer) => void,
  onProblem: (problem: RequestError | null) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const api = new DeskApi({ campaignKey: null, name: null });
  const ask = async (failures: number) => {
    try {
      const session = await (token === null ? api.session() : api.signIn(token));
      if (isStopped) return;
      onProblem(null);
      onSession(session);
    } catch (error) {
      if (isStopped) return;
      const problem = asRequestError(error);
      onProblem(problem);
      if (problem.code !== 'TOKEN_WRONG') timer = setTimeout(() => void ask(failures + 1), retryAfterMs(failures + 1));
    }
  };
  void ask(0);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
