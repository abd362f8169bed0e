import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { SessionAnswer } from '../server/web-api.ts';
import { forgetToken, isTokenInAddress, keepToken, takeToken, useRemembered } from './browser-storage.ts';
import { asRequestError, DeskApi, type RequestError, retryAfterMs } from './desk-api.ts';
import { DeskPage } from './desk-page.tsx';
import { Entry, TokenEntry } from './entry.tsx';
import { LeadPage } from './lead-page.tsx';

/** Shows the page for the person's token, name and address. */
export function App() {
  const [access, setAccess] = useState(() => ({ token: takeToken() }));
  const [name, setName] = useRemembered('name', '');
  const [isNameAsked, setNameAsked] = useState(name === '');
  const [nameProblem, setNameProblem] = useState<string | null>(null);
  const [session, setSession] = useState<SessionAnswer | null>(null);
  const [problem, setProblem] = useState<RequestError | null>(null);
  const { token } = access;
  const campaignKey = session?.key ?? null;
  const api = useMemo(
    () => new DeskApi({ token, campaignKey, name: isNameAsked ? null : name }),
    [token, campaignKey, name, isNameAsked],
  );

  useEffect(() => connect(new DeskApi({ token, campaignKey: null, name: null }), setSession, setProblem), [access]);

  const openWithToken = useCallback((next: string) => {
    setProblem(null);
    // The server may serve another campaign now.
    setSession(null);
    setAccess({ token: next });
  }, []);
  useEffect(() => {
    const stop = new AbortController();
    // If the page is already open, opening a link with a token loads nothing.
    const take = () => isTokenInAddress() && openWithToken(takeToken()!);
    addEventListener('hashchange', take, { signal: stop.signal });
    return () => stop.abort();
  }, []);

  const refuse = useCallback((refusal: RequestError) => {
    if (refusal.code === 'TOKEN_WRONG') setProblem(refusal);
    else {
      setNameProblem(refusal.message);
      setNameAsked(true);
    }
  }, []);

  if (problem?.code === 'TOKEN_WRONG') {
    return (
      <TokenEntry
        isWrong={token !== null}
        onToken={(next) => {
          keepToken(next);
          openWithToken(next);
        }}
      />
    );
  }
  if (session === null) {
    return (
      <main class="entry">
        <p class="wordmark">winnow</p>
        <p role="status">{problem === null ? '' : `${problem.message} Retrying…`}</p>
      </main>
    );
  }
  const forgetName = () => setNameAsked(true);
  if (location.pathname === '/lead') {
    return <LeadPage api={api} session={session} name={isNameAsked ? null : name} onForgetName={forgetName} />;
  }
  if (isNameAsked) {
    return (
      <Entry
        campaign={session.campaign}
        name={name}
        problem={nameProblem}
        onName={(next) => {
          setName(next);
          setNameProblem(null);
          setNameAsked(false);
        }}
      />
    );
  }
  return <DeskPage key={name} api={api} session={session} name={name} onForgetName={forgetName} onRefused={refuse} />;
}

/** Asks the server for the session until it answers. @returns a function that stops it */
function connect(
  api: DeskApi,
  onSession: (session: SessionAnswer) => void,
  onProblem: (problem: RequestError | null) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const ask = async (failures: number) => {
    try {
      const session = await api.session();
      if (isStopped) return;
      onProblem(null);
      onSession(session);
    } catch (error) {
      if (isStopped) return;
      const problem = asRequestError(error);
      onProblem(problem);
      if (problem.code === 'TOKEN_WRONG') forgetToken();
      else timer = setTimeout(() => void ask(failures + 1), retryAfterMs(failures + 1));
    }
  };
  void ask(0);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
