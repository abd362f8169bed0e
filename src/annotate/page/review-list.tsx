import type { ReviewItem, ReviewReason } from '../desk/desk-views.ts';
import { count, Moment } from './formats.tsx';
import { visibleText } from './visible-text.ts';

const REASONS: Readonly<Record<ReviewReason, string>> = {
  disputed: 'Answered and rejected',
  different: 'Answers differ',
  doubtful: 'Doubtful',
  rejected: 'Rejected',
  skipped: 'Skipped by all',
  unchanged: "Model's answer unchanged",
  fast: 'Unusually fast',
  noted: 'Has a note',
};
const VERDICTS = { accepted: 'answered', rejected: 'rejected', skipped: 'skipped' } as const;

export interface ReviewListProps {
  readonly items: readonly ReviewItem[];
  readonly total: number;
}

/** The items to review, with the labels of all people side by side. */
export function ReviewList({ items, total }: ReviewListProps) {
  return (
    <section aria-labelledby="review-heading">
      <h3 id="review-heading">Needs review</h3>
      {items.length === 0 && <p class="muted">Nothing to review yet.</p>}
      {items.length < total && (
        <p class="muted">
          The {count(items.length)} most urgent of {count(total)} items.
        </p>
      )}
      {items.map((item) => (
        <article class="card" key={item.number}>
          <h4 dir="auto">
            <a href={`/lead#item=${item.number}`}>
              Round {item.round}, item {item.rank}
            </a>{' '}
            <span class="isolated">{visibleText(item.excerpt)}</span>
          </h4>
          <ul class="reasons">
            {item.reasons.map((reason) => (
              <li key={reason}>{REASONS[reason]}</li>
            ))}
          </ul>
          <div class="versions">
            {item.labels.map((label) => (
              <div class="version" key={label.annotator}>
                <h5>
                  <span class="isolated">{visibleText(label.annotator)}</span> {VERDICTS[label.verdict]}
                  {label.doubtful && ', doubtful'}
                </h5>
                {label.response !== null && label.verdict === 'accepted' && (
                  // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable text must be reachable by keyboard
                  <p class="text-box" dir="auto" tabIndex={0}>
                    {visibleText(label.response)}
                  </p>
                )}
                {label.comment !== null && label.comment !== '' && (
                  <p class="text-box" dir="auto">
                    {visibleText(label.comment)}
                  </p>
                )}
                {label.note !== null && (
                  <p class="text-box" dir="auto">
                    Note: {visibleText(label.note)}
                  </p>
                )}
                <p class="muted">
                  {label.seconds !== null && `${count(Math.round(label.seconds))} s`}
                  {label.seconds !== null && label.submittedAtMs !== null && ', '}
                  {label.submittedAtMs !== null && <Moment atMs={label.submittedAtMs} />}
                </p>
              </div>
            ))}
          </div>
        </article>
      ))}
    </section>
  );
}
