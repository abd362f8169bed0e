import { formatUsd } from '../../domain/money.ts';
import { type TeamMember, UNNAMED } from '../desk/desk-views.ts';
import { count, duration, itemDuration, Moment } from './formats.tsx';
import { visibleText } from './visible-text.ts';

export interface PeopleTableProps {
  readonly people: readonly TeamMember[];
  readonly onDrop: (annotator: string) => void;
  readonly onRestore: (annotator: string) => void;
}

/** Each person's work over the whole campaign. */
export function PeopleTable({ people, onDrop, onRestore }: PeopleTableProps) {
  if (people.length === 0) return <p class="muted">No work yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable text must be reachable by keyboard
    <div class="scrolls" tabIndex={0}>
      <table class="figures">
        <caption class="visually-hidden">Team</caption>
        <thead>
          <tr>
            {[
              'Person',
              'Answered',
              'Rejected',
              'Skipped',
              'Drafts',
              'Time spent',
              'Per item',
              'Cost',
              'Last active',
              'Working on',
              'Labels',
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
              <td>{count(person.drafts)}</td>
              <td>{person.seconds === 0 ? '–' : duration(person.seconds / 3600)}</td>
              <td>{person.medianSeconds === null ? '–' : itemDuration(person.medianSeconds)}</td>
              <td>{formatUsd(person.costMicroUsd)}</td>
              <td>
                <Moment atMs={person.lastAtMs} />
              </td>
              <td>{person.workingOn === null ? '–' : <a href={`/#item=${person.workingOn}`}>Open item</a>}</td>
              <td>
                {person.annotator !== UNNAMED &&
                  (person.isDropped ? (
                    <>
                      Dropped{' '}
                      <button
                        type="button"
                        aria-label={`Undo the drop of ${visibleText(person.annotator)}`}
                        onClick={() => onRestore(person.annotator)}
                      >
                        Undo
                      </button>
                    </>
                  ) : (
                    person.answered + person.rejected + person.skipped > 0 && (
                      <button
                        type="button"
                        class="quiet"
                        aria-label={`Drop… labels of ${visibleText(person.annotator)}`}
                        onClick={() => onDrop(person.annotator)}
                      >
                        Drop…
                      </button>
                    )
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
