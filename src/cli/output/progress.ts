import cliProgress from 'cli-progress';
import type { Clock } from '../../domain/clock.ts';
import type { ProgressEvent } from '../../domain/progress.ts';
import { formatCount, formatDuration } from './format.ts';

const TITLES: Record<ProgressEvent['phase'], { readonly title: string; readonly unit: string }> = {
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
/** Between plain lines, so that a log stays readable. */
const PLAIN_INTERVAL_MS = 10_000;

export interface ProgressDisplay {
  show(event: ProgressEvent): void;
  /** Ends the line in progress, so that other output can follow. */
  stop(): void;
}

/**
 * A bar with rate and time left on a terminal; elsewhere a plain line now and then.
 * @param asShown what the terminal can show of a text
 */
export function progressDisplay(
  stream: NodeJS.WriteStream,
  clock: Pick<Clock, 'now'>,
  asShown: (text: string) => string,
): ProgressDisplay {
  return stream.isTTY ? barDisplay(stream, clock, asShown) : plainDisplay(stream, clock);
}

function barDisplay(
  stream: NodeJS.WriteStream,
  clock: Pick<Clock, 'now'>,
  asShown: (text: string) => string,
): ProgressDisplay {
  let bar: cliProgress.SingleBar | undefined;
  let phase: ProgressEvent['phase'] | undefined;
  let start: PhaseStart = { at: 0, done: 0 };
  const stop = () => {
    bar?.stop();
    bar = undefined;
    phase = undefined;
  };
  return {
    stop,
    show: (event) => {
      if (event.phase !== phase) {
        stop();
        phase = event.phase;
        start = { at: clock.now(), done: event.done };
        bar = new cliProgress.SingleBar({
          stream,
          format: (_, params, payload) => asShown(barLine(params, payload as { line: string })),
          clearOnComplete: true,
          hideCursor: true,
          noTTYOutput: false,
          fps: 8,
        });
        bar.start(event.total ?? 0, event.done, { line: '' });
      }
      bar!.setTotal(event.total ?? event.done);
      bar!.update(event.done, { line: describe(event, start, clock.now()) });
    },
  };
}

const BAR_WIDTH = 20;

function barLine({ progress }: { progress: number }, { line }: { line: string }): string {
  const filled = Math.round(Math.min(1, Number.isFinite(progress) ? progress : 0) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${line}`;
}

function plainDisplay(stream: NodeJS.WriteStream, clock: Pick<Clock, 'now'>): ProgressDisplay {
  let phase: ProgressEvent['phase'] | undefined;
  let start: PhaseStart = { at: 0, done: 0 };
  let shownAt = 0;
  return {
    stop: () => {
      phase = undefined;
    },
    show: (event) => {
      const now = clock.now();
      if (event.phase !== phase) {
        phase = event.phase;
        start = { at: now, done: event.done };
        shownAt = now;
      }
      const finished = event.total !== undefined && event.done >= event.total;
      if (!finished && now - shownAt < PLAIN_INTERVAL_MS) return;
      shownAt = now;
      stream.write(`${describe(event, start, now)}\n`);
      if (finished) phase = undefined;
    },
  };
}

/** When a phase began, and what was done by then: found in the cache or in the state, so no measure of speed. */
interface PhaseStart {
  readonly at: number;
  readonly done: number;
}

function describe({ phase, done, total, note }: ProgressEvent, start: PhaseStart, now: number): string {
  const { title, unit } = TITLES[phase];
  const amount = total === undefined ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`;
  const parts = [`${title}: ${amount} ${unit}`];
  const elapsedMs = now - start.at;
  const perSecond = ((done - start.done) / Math.max(1, elapsedMs)) * 1000;
  if (elapsedMs >= SHORTEST_MEASURE_MS && perSecond > 0) {
    parts.push(`${perSecond < 10 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond))}/s`);
    if (total !== undefined && done < total) parts.push(`${formatDuration(((total - done) / perSecond) * 1000)} left`);
  }
  if (note) parts.push(note);
  return parts.join(', ');
}
