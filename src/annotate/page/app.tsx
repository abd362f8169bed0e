import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { SessionAnswer } from '../server/web-api.ts';
import { forgetToken, isTokenInAddress, keepToken, takeToken, useRemembered } from './browser-storage.ts';
import { asRequestError, DeskApi, type RequestError, retryAfterMs } from './desk-api.ts';
import { DeskPage } from './desk-page.tsx';
import { Entry, TokenEntry } from './entry.tsx';
import { LeadPage } from './lead-page.tsx';

/** Finds out who is there and what for, and shows them the page for it. */
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

  const comeInWith = useCallback((next: string) => {
    setProblem(null);
    // The server may serve another campaign by now.
    setSession(null);
    setAccess({ token: next });
  }, []);
  useEffect(() => {
    const stop = new AbortController();
    // An address with a token that is opened where the page is open already loads nothing.
    const take = () => isTokenInAddress() && comeInWith(takeToken()!);
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
          comeInWith(next);
        }}
      />
    );
  }
  if (session === null) {
    return (
      <main class="entry">
        <p class="wordmark">winnow</p>
        <p role="status">{problem === null ? '' : `${problem.message} Trying again…`}</p>
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

/** Asks who may do what until the server says so. @returns what ends it */
function connect(
  api: DeskApi,
  onSession: (session: SessionAnswer) => void,
  onProblem: (problem: RequestError | null) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const ask = async (failures: number) => {
    try {
      const session = await api.session();
      if (isOver) return;
      onProblem(null);
      onSession(session);
    } catch (error) {
      if (isOver) return;
      const problem = asRequestError(error);
      onProblem(problem);
      if (problem.code === 'TOKEN_WRONG') forgetToken();
      else timer = setTimeout(() => void ask(failures + 1), retryAfterMs(failures + 1));
    }
  };
  void ask(0);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
