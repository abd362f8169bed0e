import { formatUsd } from '../../domain/money.ts';
import type { DeskProgress } from '../desk/desk-views.ts';
import type { SessionAnswer } from '../server/web-api.ts';
import { count, duration } from './formats.tsx';
import { visibleText } from './visible-text.ts';

export interface PageHeaderProps {
  readonly session: SessionAnswer;
  readonly view: 'desk' | 'lead';
  readonly round: string;
  readonly name: string | null;
  /** The person wants to change their name, or to sign out. */
  readonly onLeave: () => void;
  readonly onDisplay: () => void;
  readonly children?: preact.ComponentChildren;
}

/** The campaign, the round, the person's name and the links to other pages. */
export function PageHeader({ session, view, round, name, onLeave, onDisplay, children }: PageHeaderProps) {
  return (
    <header class="page-head">
      <h1>
        <span class="wordmark wide-only">winnow</span> <span class="isolated">{visibleText(session.campaign)}</span>
      </h1>
      <p class="round wide-only">{round}</p>
      <nav aria-label="Pages">
        {children}
        <button type="button" onClick={onDisplay} title="Theme and text size" aria-label="Display">
          Aa
        </button>
        {view === 'lead' && <a href="/">Annotate</a>}
        {view === 'desk' && session.role === 'lead' && <a href="/lead">Team</a>}
        {name !== null && (
          <button
            type="button"
            class="quiet who"
            onClick={onLeave}
            title={session.hasLinks ? 'Sign out' : 'Change name'}
          >
            <span class="isolated">{visibleText(name)}</span>{' '}
            <span class="wide-only">{session.hasLinks ? 'Sign out' : 'Not you?'}</span>
          </button>
        )}
      </nav>
    </header>
  );
}

export interface ProgressViewProps {
  readonly progress: DeskProgress;
  /** Whether to show one person's share or the whole team's work. */
  readonly isForOne: boolean;
  /** Labels on their way to the server. */
  readonly unsent?: number;
}

/** The progress of the round as a bar and in words, with fewer words on small screens. */
export function ProgressView({ progress, isForOne, unsent = 0 }: ProgressViewProps) {
  const { items, complete, leftForMe, mine, capMicroUsd, itemsPerHour, hoursLeft, atWork, isWaiting } = progress;
  const yours = mine.answered + mine.rejected + mine.skipped;
  return (
    <section class="progress" aria-label="Progress">
      <progress max={Math.max(items, 1)} value={complete} aria-label={`${complete} of ${items} items done`} />
      <ul>
        <li>
          <strong>
            {count(complete)} of {count(items)}
          </strong>{' '}
          done
        </li>
        <li>
          <strong>{count(isForOne ? leftForMe : isWaiting ? items - complete : 0)}</strong> left
          {isForOne && <span class="wide-only"> for you</span>}
        </li>
        {isForOne && yours > 0 && (
          <li class="wide-only">
            <strong>{count(yours)}</strong> by you
          </li>
        )}
        <li>
          <strong>{formatUsd(progress.spentMicroUsd)}</strong>
          {capMicroUsd !== null && <span class="wide-only"> of {formatUsd(capMicroUsd)}</span>} spent
          <span class="wide-only"> on labels</span>
        </li>
        {itemsPerHour !== null && (
          <li>
            <strong>{count(Math.round(itemsPerHour))}</strong> per hour
          </li>
        )}
        {hoursLeft !== null && hoursLeft > 0 && (
          <li>
            about <strong>{duration(hoursLeft)}</strong> left
          </li>
        )}
        {unsent > 0 && (
          <li class="sending">
            <strong>{count(unsent)}</strong> being sent
          </li>
        )}
        {atWork.length > 1 && (
          <li class="wide-only" title={atWork.join(', ')}>
            <strong>{count(atWork.length)}</strong> people working
          </li>
        )}
      </ul>
    </section>
  );
}
