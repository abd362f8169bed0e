import { useEffect, useState } from 'preact/hooks';
import type { Oversight } from '../desk/desk-views.ts';
import type { SessionAnswer } from '../server/web-api.ts';
import { asRequestError, type DeskApi, type RequestError } from './desk-api.ts';
import { LookAgainView } from './look-again.tsx';
import { PageHeader, ProgressView } from './page-header.tsx';
import { PeopleTable } from './people-table.tsx';
import { visibleText } from './visible-text.ts';

const REFRESH_MS = 10_000;

export interface LeadPageProps {
  readonly api: DeskApi;
  readonly session: SessionAnswer;
  readonly name: string | null;
  readonly onForgetName: () => void;
}

/** Who did what, how far they agree, and which items somebody should look at again. */
export function LeadPage({ api, session, name, onForgetName }: LeadPageProps) {
  const [oversight, setOversight] = useState<Oversight | null>(null);
  const [problem, setProblem] = useState<RequestError | null>(null);
  useEffect(() => {
    let isOver = false;
    const look = async () => {
      try {
        const seen = await api.lead();
        if (isOver) return;
        setOversight(seen);
        setProblem(null);
      } catch (error) {
        if (!isOver) setProblem(asRequestError(error));
      }
    };
    document.title = 'Everybody’s work · winnow annotate';
    void look();
    const timer = setInterval(() => document.visibilityState === 'visible' && void look(), REFRESH_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [api]);
  const progress = oversight?.progress;
  return (
    <>
      <PageHeader
        session={session}
        place="lead"
        round={progress === undefined ? '' : `Round ${progress.round}, ${progress.strategy}`}
        name={name}
        onForgetName={() => {
          onForgetName();
          location.assign('/');
        }}
      />
      {progress !== undefined && <ProgressView progress={progress} isForOne={false} />}
      {problem !== null && (
        <p class="banner" role="alert">
          {problem.message} {problem.isPassing ? 'Trying again…' : problem.hint}
        </p>
      )}
      <main class="lead">
        <h2>Everybody’s work</h2>
        {oversight === null ? (
          <p role="status">{problem === null ? 'Opening…' : ''}</p>
        ) : (
          <>
            <PeopleTable people={oversight.people} />
            <Agreement oversight={oversight} />
            <LookAgainView items={oversight.lookAgain} total={oversight.lookAgainTotal} />
          </>
        )}
      </main>
    </>
  );
}

function Agreement({ oversight: { agreement, pairs } }: { readonly oversight: Oversight }) {
  return (
    <section aria-labelledby="agreement-heading">
      <h3 id="agreement-heading">Agreement</h3>
      {agreement === null ? (
        <p class="muted">No item was answered by two people yet.</p>
      ) : (
        <p>
          {agreement.items} {agreement.items === 1 ? 'item was' : 'items were'} answered by two people or more. On
          average their answers share <strong>{percent(agreement.wordF1)}</strong> of their words (F1).{' '}
          {agreement.disputed > 0 && `${agreement.disputed} of the items one person answered and another rejected.`}
        </p>
      )}
      {pairs.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        <div class="scrolls" tabIndex={0}>
          <table class="figures">
            <thead>
              <tr>
                <th scope="col">Pair</th>
                <th scope="col">Items both answered</th>
                <th scope="col">Words shared (F1)</th>
              </tr>
            </thead>
            <tbody>
              {pairs.map(({ people: [one, other], items, wordF1 }) => (
                <tr key={`${one}\n${other}`}>
                  <th scope="row">
                    <span class="isolated">{visibleText(one)}</span> and{' '}
                    <span class="isolated">{visibleText(other)}</span>
                  </th>
                  <td>{items}</td>
                  <td>{percent(wordF1)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
