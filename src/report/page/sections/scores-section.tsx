import type { ScoreHistogram } from '../../report-data.ts';
import { isWorthDrawing, sayHistogram } from '../captions/say-scores.ts';
import { Absent } from '../components/section.tsx';
import { HistogramChart } from './histogram-chart.tsx';

/** How scores are spread. */
export function Scores({ scores }: { scores: readonly ScoreHistogram[] }) {
  if (scores.length === 0) return <Absent>Nothing has been scored yet.</Absent>;
  return (
    <div class="charts">
      {scores.map((histogram) =>
        isWorthDrawing(histogram) ? (
          <HistogramChart
            key={histogram.title}
            title={histogram.title}
            says={sayHistogram(histogram)}
            axis={histogram.threshold === null ? 'score' : 'score; dashed: threshold'}
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
              <p>{sayHistogram(histogram)}</p>
            </figcaption>
          </figure>
        ),
      )}
    </div>
  );
}
