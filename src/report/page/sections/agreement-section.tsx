import type { JudgeAgreement, LlmAgreement, ReportData } from '../../report-data.ts';
import { llmAgreementCaption } from '../captions/score-captions.ts';
import { DataTable } from '../components/data-table.tsx';
import { count, decimal, percent, plural } from '../components/format.ts';
import { EmptyState } from '../components/section.tsx';
import { HistogramChart } from './histogram-chart.tsx';
import { ReliabilityChart } from './reliability-chart.tsx';

/** How far the LLM agrees with itself, people with each other, and judges with people. */
export function Agreement({
  llm,
  people,
  judges,
}: {
  llm: LlmAgreement | null;
  people: ReportData['peopleAgreement'];
  judges: readonly JudgeAgreement[];
}) {
  return (
    <>
      {people === null ? (
        <EmptyState>No item was answered by two people, so their agreement is unknown.</EmptyState>
      ) : (
        <p>{peopleCaption(people)}</p>
      )}
      {judges.length === 0 ? (
        <EmptyState>
          People have decided on too few judged items, so it is unknown how far the judge agrees with them.
        </EmptyState>
      ) : (
        <div class="charts">
          {judges.map((judge) => (
            <ReliabilityChart key={`${judge.judge} ${judge.of}`} judge={judge} />
          ))}
        </div>
      )}
      {llm === null ? (
        <EmptyState>No query was sent to an LLM twice, so its agreement with itself is unknown.</EmptyState>
      ) : (
        <div class="charts">
          <HistogramChart
            title="LLM agreement"
            caption={llmAgreementCaption(llm)}
            axis="share of choices that stay the same"
            noun="Queries"
            from={0}
            to={1}
            bins={llm.bins}
            threshold={null}
          />
          <div>
            <h3>By round</h3>
            <DataTable
              label="LLM agreement by round"
              rows={llm.byRound}
              columns={[
                { title: 'Round', cell: ({ round }) => round, isNumber: true },
                { title: 'Queries', cell: ({ queries }) => count(queries), isNumber: true },
                { title: 'Same choices', cell: ({ mean }) => percent(mean), isNumber: true },
              ]}
            />
          </div>
        </div>
      )}
    </>
  );
}

function peopleCaption({ items, wordF1, disputed }: NonNullable<ReportData['peopleAgreement']>): string {
  const shared =
    items === 0
      ? ''
      : `${plural(items, 'item')} ${items === 1 ? 'was' : 'were'} answered by several people. The words of their answers agree with a mean F1 of ${decimal(wordF1)}. `;
  const rejected = disputed === 0 ? 'No item was' : disputed === 1 ? '1 item was' : `${count(disputed)} items were`;
  return `${shared}${rejected} answered by one person and rejected by another.`;
}
