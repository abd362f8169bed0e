import type { LlmAgreement, ReportData } from '../../report-data.ts';
import { sayAgreement } from '../captions/say-scores.ts';
import { DataTable } from '../components/data-table.tsx';
import { Absent } from '../components/section.tsx';
import { count, decimal, percent, plural } from '../components/wording.ts';
import { HistogramChart } from './histogram-chart.tsx';

/** How far the LLM agrees with itself, and people with each other. */
export function Agreement({ llm, people }: { llm: LlmAgreement | null; people: ReportData['peopleAgreement'] }) {
  return (
    <>
      <p>{sayPeople(people)}</p>
      {llm === null ? (
        <Absent>No query was put to an LLM more than once, so nothing is known of its agreement with itself.</Absent>
      ) : (
        <div class="charts">
          <HistogramChart
            title="Order-agreement of the LLM"
            says={sayAgreement(llm)}
            axis="share of choices in common"
            noun="Queries"
            from={0}
            to={1}
            bins={llm.bins}
            threshold={null}
          />
          <div>
            <h3>By round</h3>
            <DataTable
              label="Order-agreement by round"
              rows={llm.byRound}
              columns={[
                { title: 'Round', cell: ({ round }) => round, isNumber: true },
                { title: 'Queries', cell: ({ queries }) => count(queries), isNumber: true },
                { title: 'In common', cell: ({ mean }) => percent(mean), isNumber: true },
              ]}
            />
          </div>
        </div>
      )}
    </>
  );
}

function sayPeople(people: ReportData['peopleAgreement']): string {
  if (people === null) return 'No item was answered by two people, so nothing is known of their agreement.';
  const { items, wordF1, disputed } = people;
  const alike =
    items === 0
      ? ''
      : `People’s answers to ${plural(items, 'item')} that several answered share words with an F1 of ${decimal(wordF1)}. `;
  const apart =
    disputed === 0
      ? 'None was answered by one person and rejected by another.'
      : `${disputed === 1 ? 'One item was' : `${count(disputed)} items were`} answered by one person and rejected by another.`;
  return `${alike}${apart}`;
}
