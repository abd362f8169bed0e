import { formatUsd } from '../../domain/money.ts';
import type { DeskProgress } from '../desk/desk-views.ts';
import type { SessionAnswer } from '../server/web-api.ts';
import { visibleText } from './visible-text.ts';

export interface PageHeaderProps {
  readonly session: SessionAnswer;
  readonly place: 'desk' | 'lead';
  readonly round: string;
  readonly name: string | null;
  readonly onForgetName: () => void;
  readonly children?: preact.ComponentChildren;
}

/** Where one is, who one is, and where one can go. */
export function PageHeader({ session, place, round, name, onForgetName, children }: PageHeaderProps) {
  return (
    <header class="page-head">
      <h1>
        <span class="wordmark in-full">winnow</span> <span class="isolated">{visibleText(session.campaign)}</span>
      </h1>
      <p class="round in-full">{round}</p>
      <nav aria-label="Pages">
        {children}
        {place === 'lead' && <a href="/">Annotate</a>}
        {place === 'desk' && session.role === 'lead' && <a href="/lead">Overview</a>}
        {name !== null && (
          <button type="button" class="quiet who" onClick={onForgetName} title={`${visibleText(name)}: not you?`}>
            <span class="isolated">{visibleText(name)}</span> <span class="in-full">not you?</span>
          </button>
        )}
      </nav>
    </header>
  );
}

export interface ProgressViewProps {
  readonly progress: DeskProgress;
  /** Whether one person's own share counts, or everybody's work. */
  readonly isForOne: boolean;
}

/** How far the round is: a bar, and the same in words; on small screens in fewer. */
export function ProgressView({ progress, isForOne }: ProgressViewProps) {
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
          {isForOne && <span class="in-full"> for you</span>}
        </li>
        {isForOne && yours > 0 && (
          <li class="in-full">
            <strong>{count(yours)}</strong> by you
          </li>
        )}
        <li>
          <strong>{formatUsd(progress.spentMicroUsd)}</strong>
          {capMicroUsd !== null && <span class="in-full"> of {formatUsd(capMicroUsd)}</span>} spent
          <span class="in-full"> on labels</span>
        </li>
        {itemsPerHour !== null && (
          <li>
            <strong>{count(Math.round(itemsPerHour))}</strong> an hour
          </li>
        )}
        {hoursLeft !== null && hoursLeft > 0 && (
          <li>
            about <strong>{duration(hoursLeft)}</strong> left
          </li>
        )}
        {atWork.length > 1 && (
          <li class="in-full" title={atWork.join(', ')}>
            <strong>{count(atWork.length)}</strong> people at work
          </li>
        )}
      </ul>
    </section>
  );
}

export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** @param hours of work */
export function duration(hours: number): string {
  const minutes = Math.max(1, Math.round(hours * 60));
  if (minutes < 90) return `${minutes} min`;
  return hours < 9.95 ? `${hours.toFixed(1)} h` : `${count(Math.round(hours))} h`;
}
