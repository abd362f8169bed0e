import type { OnProgress } from '../domain/progress.ts';
import type { Plugin } from '../plugins/plugin.ts';
import { progressDisplay } from './output/progress.ts';
import { safeLine } from './output/safe-text.ts';
import { print } from './print.ts';
import type { Terminal } from './terminal.ts';

const LONGEST_NOTE = 240;

/** What long work is given by the command line. */
export interface Running {
  /** Ctrl-C: start nothing new. */
  readonly signal: AbortSignal;
  /** Ctrl-C again: end what is under way too. */
  readonly abandon: AbortSignal;
  readonly onProgress: OnProgress;
  /** A line on standard error. */
  readonly onNote: (note: string) => void;
  readonly plugins: readonly Plugin[];
}

/** Runs with a progress display, notes on standard error and the two-stage Ctrl-C. */
export async function withProgress<T>(
  terminal: Terminal,
  work: (running: Running, stopProgress: () => void) => Promise<T>,
): Promise<T> {
  const progress = progressDisplay(terminal);
  const interrupts = terminal.listenForInterrupts(() => progress.stop());
  try {
    const running: Running = {
      ...interrupts.signals,
      plugins: terminal.plugins,
      onProgress: (event) => progress.show(event),
      onNote: (note) => {
        progress.stop();
        print(terminal, terminal.stderr, `${safeLine(note, LONGEST_NOTE)}\n`);
      },
    };
    return await work(running, () => progress.stop());
  } finally {
    progress.stop();
    interrupts.close();
  }
}
