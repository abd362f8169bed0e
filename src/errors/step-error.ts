import { WinnowError } from './winnow-error.ts';

/** A step of a campaign was asked for that is not its turn. */
export class StepError extends WinnowError {
  constructor(message: string, hint: string) {
    super('STEP_NOT_DUE', message, { hint });
  }
}
