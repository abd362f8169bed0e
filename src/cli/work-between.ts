import type { PersonFigures, TeamOverview } from '../annotate/desk/desk-views.ts';
import type { MicroUsd } from '../domain/money.ts';

/** What one person did while the page was served. */
export interface PersonWork extends Pick<PersonFigures, 'annotator' | 'answered' | 'rejected' | 'skipped' | 'seconds'> {
  readonly costMicroUsd: MicroUsd;
}

/** What each person did between two overviews, without those who did nothing. A changed verdict reduces the count of the old one. */
export function workBetween(before: TeamOverview, after: TeamOverview): PersonWork[] {
  const earlier = new Map(before.people.map((person) => [person.annotator, person]));
  return after.people
    .map((person) => {
      const since = (key: 'answered' | 'rejected' | 'skipped' | 'seconds' | 'costMicroUsd') =>
        person[key] - (earlier.get(person.annotator)?.[key] ?? 0);
      return {
        annotator: person.annotator,
        answered: since('answered'),
        rejected: since('rejected'),
        skipped: since('skipped'),
        seconds: since('seconds'),
        costMicroUsd: since('costMicroUsd'),
      };
    })
    .filter(({ annotator: _, ...figures }) => Object.values(figures).some((figure) => figure !== 0));
}
