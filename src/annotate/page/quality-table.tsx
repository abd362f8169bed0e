import type { PersonQuality, QualityMean } from '../../domain/label-quality.ts';
import { UNNAMED } from '../desk/desk-views.ts';
import { count, percent } from './formats.tsx';
import { visibleText } from './visible-text.ts';

/** How good each person's labels are. */
export function QualityTable({ quality }: { readonly quality: readonly PersonQuality[] }) {
  if (quality.length === 0) return null;
  return (
    <section aria-labelledby="quality-heading">
      <h3 id="quality-heading">Quality</h3>
      <p class="muted">
        Shares are of words (F1), with 95 % intervals. Repeated: the same text for different items. Fast: less than a
        fifth of the usual time.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable text must be reachable by keyboard */}
      <div class="scrolls" tabIndex={0}>
        <table class="figures">
          <caption class="visually-hidden">Quality of each person's labels</caption>
          <thead>
            <tr>
              {[
                'Person',
                'Answers',
                'Per hour',
                'Shared with others',
                "Kept of model's answer",
                'Unchanged',
                'Repeated',
                'Fast',
              ].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {quality.map(({ annotator, answers, itemsPerHour, agreement, kept, repeated, fast }) => (
              <tr key={annotator ?? ''}>
                <th scope="row">
                  <span class="isolated">{visibleText(annotator ?? UNNAMED)}</span>
                </th>
                <td>{count(answers)}</td>
                <td>{itemsPerHour === null ? '–' : count(Math.round(itemsPerHour))}</td>
                <td>{meanWithInterval(agreement)}</td>
                <td>{meanWithInterval(kept)}</td>
                <td>{kept === null ? '–' : count(kept.unchanged)}</td>
                <td>{count(repeated)}</td>
                <td>{count(fast)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** "62 % (54–70 %), 41 items". */
export function meanWithInterval(mean: QualityMean | null): string {
  if (mean === null) return '–';
  const { interval, items } = mean;
  const of = items === 1 ? '1 item' : `${count(items)} items`;
  if (interval === undefined) return `${percent(mean.mean)}, ${of}`;
  const [low, high] = [Math.max(0, interval.low), Math.min(1, interval.high)];
  return `${percent(mean.mean)} (${Math.round(low * 100)}–${percent(high)}), ${of}`;
}
