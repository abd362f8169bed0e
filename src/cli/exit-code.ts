import type { RunEnd } from '../domain/stop-reason.ts';
import { WinnowError } from '../domain/winnow-error.ts';
import type { StepResult } from '../runs/campaign/step-result.ts';

/** What the shell is told. */
export const EXIT = {
  done: 0,
  /** An error its message explains, one in winnow.yaml among them. */
  error: 1,
  /** The command line is wrong. */
  usage: 2,
  /** Stopped by a budget, or waiting for a person or a batch. */
  stopped: 3,
  interrupted: 130,
} as const;

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof WinnowError)) return EXIT.error;
  switch (error.code) {
    case 'USAGE':
      return EXIT.usage;
    case 'INTERRUPTED':
      return EXIT.interrupted;
    case 'BUDGET_EXCEEDED':
    case 'BATCH_PENDING':
    case 'DECLINED':
      return EXIT.stopped;
    default:
      return EXIT.error;
  }
}

/** Of how a run over a pool ended. */
export const EXIT_OF_END: Readonly<Record<RunEnd, number>> = {
  complete: EXIT.done,
  short: EXIT.error,
  provider: EXIT.error,
  budget: EXIT.stopped,
  interrupt: EXIT.interrupted,
  batch: EXIT.stopped,
};

/** Whether a run ended in the middle, to go on later with the same command. */
export function isUnfinished(end: RunEnd): boolean {
  return end === 'interrupt' || end === 'batch';
}

/** Of how a step of a campaign ended. A campaign that a rule ended is done, unless the rule is that nothing is left to spend. */
export function exitCodeOfStep(result: StepResult): number {
  if (result.step === 'stop') return result.stop.rule === 'budget' ? EXIT.stopped : EXIT.done;
  if (result.done) return EXIT.done;
  return result.because === 'waiting' ? EXIT.stopped : EXIT_OF_END[result.because];
}

/** What `--help` of the campaign's commands says of them. */
export const CAMPAIGN_EXIT_CODES =
  'Exit codes: 0 done; 1 an error, also one in winnow.yaml; 2 wrong usage; 3 stopped by a budget, not confirmed, or\nwaiting for people or a batch; 130 interrupted.';
