import type { ProgressEvent } from '../../domain/progress.ts';
import { formatCount, formatDuration } from './format.ts';
import { cutToWidth, textWidth } from './text-width.ts';

const TITLES: Record<ProgressEvent['phase'], { readonly title: string; readonly unit: string }> = {
  download: { title: 'Downloading', unit: 'MB' },
  read: { title: 'Reading', unit: 'records' },
  embed: { title: 'Embedding', unit: 'instructions' },
  group: { title: 'Finding near-duplicates', unit: 'instructions' },
  cluster: { title: 'Clustering', unit: 'steps' },
  choose: { title: 'Choosing', unit: 'queries' },
  compare: { title: 'Comparing', unit: 'instructions' },
  cover: { title: 'Covering', unit: 'picks' },
  judge: { title: 'Judging', unit: 'instructions' },
  estimate: { title: 'Estimating', unit: 'instructions' },
  evaluate: { title: 'Evaluating', unit: 'answers' },
  simulate: { title: 'Simulating', unit: 'cells' },
  write: { title: 'Writing', unit: 'records' },
};

/** A rate taken over less time than this says nothing. */
const SHORTEST_MEASURE_MS = 500;

/** When a phase began, and what was done by then: found in the cache or in the state, so no measure of speed. */
export interface PhaseStart {
  readonly at: number;
  readonly done: number;
}

/**
 * How far a phase has come: "Judging: 40 of 120 instructions, 2.0/s, 40 s left".
 * @param room columns; what there is no room for is left out, the rate first, then the remark, then the time
 */
export function progressLine(
  { phase, done, total, note }: ProgressEvent,
  start: PhaseStart,
  now: number,
  room = Number.POSITIVE_INFINITY,
): string {
  const { title, unit } = TITLES[phase];
  const amount = total === undefined ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`;
  const head = `${title}: ${amount} ${unit}`;
  const elapsedMs = now - start.at;
  const perSecond = ((done - start.done) / Math.max(1, elapsedMs)) * 1000;
  const isMeasured = elapsedMs >= SHORTEST_MEASURE_MS && perSecond > 0;
  const rate = isMeasured && `${perSecond < 10 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond))}/s`;
  const left =
    isMeasured && total !== undefined && done < total && `${formatDuration(((total - done) / perSecond) * 1000)} left`;
  const choices = [[head, rate, left, note], [head, left, note], [head, left], [head]].map((parts) =>
    parts.filter(Boolean).join(', '),
  );
  return choices.find((line) => textWidth(line) <= room) ?? cutToWidth(head, room);
}
