import type { QualityMean } from '../../../domain/label-quality.ts';
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
  quality,
  judges,
}: {
  llm: LlmAgreement | null;
  people: ReportData['peopleAgreement'];
  quality: ReportData['peopleQuality'];
  judges: readonly JudgeAgreement[];
}) {
  return (
    <>
      {people === null ? (
        <EmptyState>No item was answered by two people, so their agreement is unknown.</EmptyState>
      ) : (
        <p>{peopleCaption(people)}</p>
      )}
      {quality.length > 0 && (
        <div>
          <h3>By person</h3>
          <DataTable
            label="Quality of each person's labels"
            rows={quality}
            columns={[
              { title: 'Person', cell: ({ annotator }) => annotator ?? '(not named)' },
              { title: 'Answers', cell: ({ answers }) => answers, isNumber: true },
              {
                title: 'Per hour',
                cell: ({ itemsPerHour }) => (itemsPerHour === null ? '–' : count(Math.round(itemsPerHour))),
                isNumber: true,
              },
              { title: 'Shared with others (F1)', cell: ({ agreement }) => meanOf(agreement), isNumber: true },
              { title: "Kept of the model's answer (F1)", cell: ({ kept }) => meanOf(kept), isNumber: true },
              { title: 'Repeated', cell: ({ repeated }) => repeated, isNumber: true },
              { title: 'Fast', cell: ({ fast }) => fast, isNumber: true },
            ]}
          />
        </div>
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

/** "0.62 (0.54–0.70), 41 items". */
function meanOf(mean: QualityMean | null): string {
  if (mean === null) return '–';
  const interval = mean.interval === undefined ? '' : ` (${between(mean.interval)})`;
  return `${decimal(mean.mean)}${interval}, ${plural(mean.items, 'item')}`;
}

function peopleCaption({
  items,
  wordF1,
  wordF1Interval,
  chrF,
  disputed,
}: NonNullable<ReportData['peopleAgreement']>): string {
  const interval = wordF1Interval === undefined ? '' : ` (95 %: ${between(wordF1Interval)})`;
  const characters =
    chrF === undefined
      ? ''
      : `Their chrF is ${decimal(chrF.mean)}${chrF.interval === undefined ? '' : ` (95 %: ${between(chrF.interval)})`}, on ${plural(chrF.items, 'item')}. `;
  const shared =
    items === 0
      ? ''
      : `${plural(items, 'item')} ${items === 1 ? 'was' : 'were'} answered by several people. The words of their answers agree with a mean F1 of ${decimal(wordF1)}${interval}. ${characters}`;
  const rejected = disputed === 0 ? 'No item was' : disputed === 1 ? '1 item was' : `${count(disputed)} items were`;
  return `${shared}${rejected} answered by one person and rejected by another.`;
}

/** An interval of figures from 0 to 1. */
function between({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${decimal(Math.max(0, low))}–${decimal(Math.min(1, high))}`;
}
