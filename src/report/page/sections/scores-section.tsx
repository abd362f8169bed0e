import type { ScoreHistogram } from '../../report-data.ts';
import { histogramCaption, isWorthDrawing } from '../captions/score-captions.ts';
import { EmptyState } from '../components/section.tsx';
import { HistogramChart } from './histogram-chart.tsx';

/** How scores are distributed. */
export function Scores({ scores }: { scores: readonly ScoreHistogram[] }) {
  if (scores.length === 0) return <EmptyState>Nothing has been scored yet.</EmptyState>;
  return (
    <div class="charts">
      {scores.map((histogram) =>
        isWorthDrawing(histogram) ? (
          <HistogramChart
            key={histogram.title}
            title={histogram.title}
            caption={histogramCaption(histogram)}
            axis={histogram.threshold === null ? 'score' : 'score (dashed: threshold)'}
            noun="Items"
            from={histogram.from}
            to={histogram.to}
            bins={histogram.bins}
            threshold={histogram.threshold}
          />
        ) : (
          <figure class="chart" key={histogram.title}>
            <figcaption>
              <h3>{histogram.title}</h3>
              <p>{histogramCaption(histogram)}</p>
            </figcaption>
          </figure>
        ),
      )}
    </div>
  );
}
