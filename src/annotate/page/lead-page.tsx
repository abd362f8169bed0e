import { useEffect, useState } from 'preact/hooks';
import type { TeamOverview } from '../desk/desk-views.ts';
import type { SessionAnswer } from '../server/web-api.ts';
import { asRequestError, type DeskApi, type RequestError } from './desk-api.ts';
import { DisplayDialog } from './display-dialog.tsx';
import { DropDialog } from './drop-dialog.tsx';
import { percent } from './formats.tsx';
import { LabelList } from './label-list.tsx';
import { LinkList } from './link-list.tsx';
import { PageHeader, ProgressView } from './page-header.tsx';
import { PayList } from './pay-list.tsx';
import { PeopleTable } from './people-table.tsx';
import { meanWithInterval, QualityTable } from './quality-table.tsx';
import { ReviewList } from './review-list.tsx';
import { visibleText } from './visible-text.ts';

const REFRESH_MS = 10_000;

export interface LeadPageProps {
  readonly api: DeskApi;
  readonly session: SessionAnswer;
  readonly name: string | null;
  readonly onLeave: () => void;
  /** Called when the server refuses the link. */
  readonly onRefused: (refusal: RequestError) => void;
}

/** Each person's work, how much people agree, and the items to review. */
export function LeadPage({ api, session, name, onLeave, onRefused }: LeadPageProps) {
  const [overview, setOverview] = useState<TeamOverview | null>(null);
  const [problem, setProblem] = useState<RequestError | null>(null);
  const [isDisplayOpen, setDisplayOpen] = useState(false);
  const [dropping, setDropping] = useState<string | null>(null);
  useEffect(() => {
    let isStopped = false;
    const load = async () => {
      try {
        const loaded = await api.lead();
        if (isStopped) return;
        setOverview(loaded);
        setProblem(null);
      } catch (error) {
        if (isStopped) return;
        const refusal = asRequestError(error);
        if (refusal.code === 'TOKEN_WRONG') onRefused(refusal);
        else setProblem(refusal);
      }
    };
    document.title = 'Team · winnow annotate';
    void load();
    const timer = setInterval(() => document.visibilityState === 'visible' && void load(), REFRESH_MS);
    return () => {
      isStopped = true;
      clearInterval(timer);
    };
  }, [api]);
  const change = async (request: Promise<TeamOverview>) => {
    try {
      setOverview(await request);
      setDropping(null);
      setProblem(null);
    } catch (error) {
      setProblem(asRequestError(error));
    }
  };
  const progress = overview?.progress;
  return (
    <>
      <PageHeader
        session={session}
        view="lead"
        round={progress === undefined ? '' : `Round ${progress.round}, ${progress.strategy}`}
        name={name}
        onDisplay={() => setDisplayOpen(true)}
        onLeave={() => {
          onLeave();
          if (!session.hasLinks) location.assign('/');
        }}
      />
      {progress !== undefined && <ProgressView progress={progress} isForOne={false} />}
      {problem !== null && (
        <p class="banner" role="alert">
          {problem.message} {problem.isTemporary ? 'Retrying…' : problem.hint}
        </p>
      )}
      <main class="lead">
        <h2>Team</h2>
        {overview === null ? (
          <p role="status">{problem === null ? 'Loading…' : ''}</p>
        ) : (
          <>
            <PeopleTable
              people={overview.people}
              onDrop={setDropping}
              onRestore={(annotator) => void change(api.restoreWork(annotator))}
            />
            {session.hasLinks && session.role === 'lead' && <LinkList api={api} />}
            <QualityTable quality={overview.quality} />
            <Agreement overview={overview} />
            <PayList api={api} people={overview.people.map(({ annotator }) => annotator)} />
            <LabelList api={api} />
            <ReviewList items={overview.reviewItems} total={overview.reviewTotal} />
          </>
        )}
      </main>
      {isDisplayOpen && <DisplayDialog name={name} onClose={() => setDisplayOpen(false)} />}
      {dropping !== null && (
        <DropDialog
          annotator={dropping}
          problem={problem}
          onDrop={(askAgain) => void change(api.dropWork({ annotator: dropping, askAgain }))}
          onClose={() => setDropping(null)}
        />
      )}
    </>
  );
}

function Agreement({ overview: { agreement, pairs } }: { readonly overview: TeamOverview }) {
  return (
    <section aria-labelledby="agreement-heading">
      <h3 id="agreement-heading">Agreement</h3>
      {agreement === null ? (
        <p class="muted">No item has answers from two people yet.</p>
      ) : (
        <p>
          {agreement.items} {agreement.items === 1 ? 'item has' : 'items have'} answers from two or more people, which
          share on average{' '}
          <strong>
            {percent(agreement.wordF1)}
            {agreement.wordF1Interval !== undefined &&
              ` (${Math.round(Math.max(0, agreement.wordF1Interval.low) * 100)}–${percent(Math.min(1, agreement.wordF1Interval.high))})`}
          </strong>{' '}
          of their words (F1).{' '}
          {agreement.chrF !== undefined && `By characters (chrF): ${meanWithInterval(agreement.chrF)}. `}
          {agreement.disputed > 0 && `Disputed (answered by one person, rejected by another): ${agreement.disputed}.`}
        </p>
      )}
      {pairs.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable text must be reachable by keyboard
        <div class="scrolls" tabIndex={0}>
          <table class="figures">
            <thead>
              <tr>
                <th scope="col">Pair</th>
                <th scope="col">Shared items</th>
                <th scope="col">Shared words (F1)</th>
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
