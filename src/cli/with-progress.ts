import type { OnProgress } from '../domain/progress.ts';
import { progressDisplay } from './output/progress.ts';
import type { Terminal } from './terminal.ts';

/** What long work is given by the command line. */
export interface Running {
  /** Ctrl-C: start nothing new. */
  readonly signal: AbortSignal;
  /** Ctrl-C again: end what is under way too. */
  readonly abandon: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Runs with a progress display and the two-stage Ctrl-C. */
export async function withProgress<T>(
  terminal: Terminal,
  work: (running: Running, stopProgress: () => void) => Promise<T>,
): Promise<T> {
  const progress = progressDisplay(terminal);
  const interrupts = terminal.listenForInterrupts(() => progress.stop());
  try {
    return await work({ ...interrupts.signals, onProgress: (event) => progress.show(event) }, () => progress.stop());
  } finally {
    progress.stop();
    interrupts.close();
  }
}
