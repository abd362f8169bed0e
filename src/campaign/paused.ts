import { WinnowError } from '../domain/errors.ts';
import { stoppedBy } from '../domain/stop-reason.ts';
import { command, sentence } from '../domain/wording.ts';
import type { StepPaused } from './step-outcome.ts';

export const GO_ON = sentence`Run ${command('next')} again: it goes on from here.`;

/**
 * What ends a step before it is done without being a fault of ours: a cap, an interrupt, a provider.
 * @throws the error itself when it is none of these
 */
export function pausedBy(error: unknown, signal: AbortSignal | undefined): StepPaused {
  const stopped = stoppedBy(error, signal);
  const { message } = stopped.error;
  return {
    done: false,
    because: stopped.by,
    message,
    hint: (error instanceof WinnowError && error.wording.hint) || GO_ON,
  };
}
