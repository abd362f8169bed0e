import type { SessionAnswer } from '../web-api.ts';
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
        <span class="wordmark">winnow</span> <span class="isolated">{visibleText(session.campaign)}</span>
      </h1>
      <p class="round">{round}</p>
      <nav aria-label="Pages">
        {children}
        {session.role === 'lead' && (place === 'desk' ? <a href="/lead">Overview</a> : <a href="/">Annotate</a>)}
        {name !== null && (
          <span class="who">
            <span class="isolated">{visibleText(name)}</span>{' '}
            <button type="button" class="quiet" onClick={onForgetName}>
              not you?
            </button>
          </span>
        )}
      </nav>
    </header>
  );
}
