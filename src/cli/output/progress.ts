import cliProgress from 'cli-progress';
import type { Clock } from '../../domain/clock.ts';
import type { ProgressEvent } from '../../domain/progress.ts';
import { shownText, signsFor } from './colors.ts';
import { type PhaseStart, progressLine } from './progress-line.ts';
import { safeLine } from './safe-text.ts';

/** From so many columns on there is room for a long bar. */
const ROOMY = 100;
const WIDE_BAR = 20;
const NARROW_BAR = 10;
/** Between plain lines, so that a log stays readable. */
const PLAIN_INTERVAL_MS = 10_000;

export interface ProgressDisplay {
  show(event: ProgressEvent): void;
  /** Ends the line in progress, so that other output can follow. */
  stop(): void;
}

/** Where progress is shown. */
export interface ProgressScreen {
  readonly stderr: NodeJS.WriteStream;
  readonly environment: NodeJS.ProcessEnv;
  readonly width: number;
  readonly clock: Pick<Clock, 'elapsed'>;
}

/** A bar with rate and time left on a terminal that can draw over a line; elsewhere a plain line now and then. */
export function progressDisplay(screen: ProgressScreen): ProgressDisplay {
  const canRedraw = screen.stderr.isTTY && screen.environment.TERM !== 'dumb';
  return canRedraw ? barDisplay(screen) : plainDisplay(screen);
}

function barDisplay({ stderr, environment, width, clock }: ProgressScreen): ProgressDisplay {
  const asShown = signsFor(environment);
  const barWidth = width >= ROOMY ? WIDE_BAR : NARROW_BAR;
  // The last column stays free: some terminals go on to the next line there.
  const room = width - barWidth - 2;
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
        start = { at: clock.elapsed(), done: event.done };
        bar = new cliProgress.SingleBar({
          stream: stderr,
          format: (_, params, payload) =>
            safeLine(asShown(barLine(params, payload as { line: string }, barWidth)), width),
          clearOnComplete: true,
          hideCursor: true,
          noTTYOutput: false,
          fps: 8,
        });
        bar.start(totalOf(event), event.done, { line: '' });
      }
      bar!.setTotal(totalOf(event));
      bar!.update(event.done, { line: progressLine(event, start, clock.elapsed(), room) });
    },
  };
}

/** Unknown total: show 0 %. */
function totalOf({ total = Number.POSITIVE_INFINITY }: ProgressEvent): number {
  return total;
}

function barLine({ progress }: { progress: number }, { line }: { line: string }, width: number): string {
  const filled = Math.round(Math.min(1, Number.isFinite(progress) ? progress : 0) * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${line}`;
}

function plainDisplay({ stderr, clock }: ProgressScreen): ProgressDisplay {
  let phase: ProgressEvent['phase'] | undefined;
  let start: PhaseStart = { at: 0, done: 0 };
  let shownAt = 0;
  return {
    stop: () => {
      phase = undefined;
    },
    show: (event) => {
      const now = clock.elapsed();
      if (event.phase !== phase) {
        phase = event.phase;
        start = { at: now, done: event.done };
        shownAt = now;
      }
      const finished = event.total !== undefined && event.done >= event.total;
      if (!finished && now - shownAt < PLAIN_INTERVAL_MS) return;
      shownAt = now;
      stderr.write(shownText(`${progressLine(event, start, now)}\n`, false));
      if (finished) phase = undefined;
    },
  };
}
