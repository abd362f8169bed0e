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
