import type { ItemToLookAt, LookAgain } from '../desk/desk-views.ts';
import { count } from './page-header.tsx';
import { Moment } from './people-table.tsx';
import { visibleText } from './visible-text.ts';

const BECAUSE: Readonly<Record<LookAgain, string>> = {
  disputed: 'Answered by one, rejected by another',
  unlike: 'Answers share few words',
  rejected: 'Rejected',
  skipped: 'Nobody answered',
  unchanged: 'The failing answer, unchanged',
  hasty: 'Far less time than others take',
};
const SAID = { accepted: 'answered', rejected: 'rejected it', skipped: 'skipped it' } as const;

export interface LookAgainProps {
  readonly items: readonly ItemToLookAt[];
  readonly total: number;
}

/** Items that need another look, with everybody's words side by side. */
export function LookAgainView({ items, total }: LookAgainProps) {
  return (
    <section aria-labelledby="look-again-heading">
      <h3 id="look-again-heading">Items needing another look</h3>
      {items.length === 0 && <p class="muted">None so far.</p>}
      {items.length < total && (
        <p class="muted">
          The {count(items.length)} most pressing of {count(total)}.
        </p>
      )}
      {items.map((item) => (
        <article class="card" key={item.number}>
          <h4 dir="auto">
            <a href={`/#item=${item.number}`}>
              Round {item.round}, item {item.rank}
            </a>{' '}
            <span class="isolated">{visibleText(item.excerpt)}</span>
          </h4>
          <ul class="because">
            {item.because.map((reason) => (
              <li key={reason}>{BECAUSE[reason]}</li>
            ))}
          </ul>
          <div class="versions">
            {item.said.map((said) => (
              <div class="version" key={said.annotator}>
                <h5>
                  <span class="isolated">{visibleText(said.annotator)}</span> {SAID[said.verdict]}
                </h5>
                {said.response !== null && said.verdict === 'accepted' && (
                  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
                  <p class="words" dir="auto" tabIndex={0}>
                    {visibleText(said.response)}
                  </p>
                )}
                {said.comment !== null && said.comment !== '' && (
                  <p class="words" dir="auto">
                    {visibleText(said.comment)}
                  </p>
                )}
                <p class="muted">
                  {said.seconds !== null && `${count(Math.round(said.seconds))} s`}
                  {said.seconds !== null && said.submittedAtMs !== null && ', '}
                  {said.submittedAtMs !== null && <Moment atMs={said.submittedAtMs} />}
                </p>
              </div>
            ))}
          </div>
        </article>
      ))}
    </section>
  );
}
