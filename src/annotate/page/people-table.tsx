import { formatUsd } from '../../domain/money.ts';
import type { PersonFigures } from '../desk/desk-views.ts';
import { count, duration } from './page-header.tsx';
import { visibleText } from './visible-text.ts';

/** Who did what, over the whole campaign. */
export function PeopleTable({ people }: { readonly people: readonly PersonFigures[] }) {
  if (people.length === 0) return <p class="muted">Nobody has begun yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <div class="scrolls" tabIndex={0}>
      <table class="figures">
        <caption class="unseen">Who did what</caption>
        <thead>
          <tr>
            {[
              'Person',
              'Answered',
              'Rejected',
              'Skipped',
              'Begun',
              'At work',
              'Per item',
              'Cost',
              'Last',
              'Now at',
            ].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.annotator}>
              <th scope="row">
                <span class="isolated">{visibleText(person.annotator)}</span>
              </th>
              <td>{count(person.answered)}</td>
              <td>{count(person.rejected)}</td>
              <td>{count(person.skipped)}</td>
              <td>{count(person.begun)}</td>
              <td>{person.seconds === 0 ? '–' : duration(person.seconds / 3600)}</td>
              <td>{person.medianSeconds === null ? '–' : pause(person.medianSeconds)}</td>
              <td>{formatUsd(person.costMicroUsd)}</td>
              <td>
                <Moment atMs={person.lastAtMs} />
              </td>
              <td>{person.at === null ? '–' : <a href={`/#item=${person.at}`}>the item</a>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A moment in the reader's own time, and exactly where it is pointed at. */
export function Moment({ atMs }: { readonly atMs: number | null }) {
  if (atMs === null) return <>–</>;
  const moment = new Date(atMs);
  return (
    <time dateTime={moment.toISOString()} title={moment.toISOString()}>
      {moment.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
    </time>
  );
}

/** @param seconds an item took */
function pause(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : duration(seconds / 3600);
}
