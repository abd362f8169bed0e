import type { Clock } from '../domain/clock.ts';
import { InterruptedError } from '../domain/errors.ts';
import type { Plugin } from '../plugins/plugin.ts';

/** What commands see of the process they run in. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: NodeJS.ProcessEnv;
  /** Columns to write in. */
  readonly width: number;
  readonly clock: Clock;
  /** What --plugin named. */
  readonly plugins: readonly Plugin[];
  /** The same as it was typed: paths and packages. */
  readonly pluginSources: readonly string[];
  setExitCode(code: number): void;
  /**
   * Ctrl-C once: `signal` aborts, nothing new is started. Twice: `abandon` aborts as well. A third time
   * the process ends on the spot.
   * @param beforeMessage clears the progress display, so that a line can be written
   * @param messages what is written the first and the second time
   */
  listenForInterrupts(
    beforeMessage: () => void,
    messages?: InterruptMessages,
  ): {
    readonly signals: { readonly signal: AbortSignal; readonly abandon: AbortSignal };
    close(): void;
  };
}

interface InterruptMessages {
  readonly stopping: string;
  readonly abandoning: string;
}

const CALLS: InterruptMessages = {
  stopping: 'Stopping after the open calls. Press Ctrl-C again to abandon them.\n',
  abandoning: 'Abandoning the open calls. Their possible cost still counts.\n',
};

const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const WIDEST = 120;
const FALLBACK_WIDTH = 80;
const INTERRUPTED_EXIT_CODE = 130;

export function processTerminal(
  clock: Clock,
  plugins: readonly Plugin[] = [],
  pluginSources: readonly string[] = [],
): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return {
    stdin,
    stdout,
    stderr,
    environment: env,
    width: Math.min(WIDEST, stderr.columns ?? FALLBACK_WIDTH),
    clock,
    plugins,
    pluginSources,
    setExitCode: (code) => {
      process.exitCode = code;
    },
    listenForInterrupts: (beforeMessage, messages = CALLS) => {
      const stop = new AbortController();
      const abandon = new AbortController();
      const onInterrupt = () => {
        beforeMessage();
        if (abandon.signal.aborted) process.exit(INTERRUPTED_EXIT_CODE);
        if (stop.signal.aborted) {
          stderr.write(messages.abandoning);
          abandon.abort(new InterruptedError());
        } else {
          stderr.write(messages.stopping);
          stop.abort(new InterruptedError());
        }
      };
      // SIGHUP: the terminal was closed, and nothing more can be written to it.
      for (const signal of STOPPING) process.on(signal, onInterrupt);
      return {
        signals: { signal: stop.signal, abandon: abandon.signal },
        close: () => {
          for (const signal of STOPPING) process.off(signal, onInterrupt);
        },
      };
    },
  };
}
