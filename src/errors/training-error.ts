import { WinnowError } from './winnow-error.ts';

/** Training the seed model failed. */
export class TrainingError extends WinnowError {
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super('TRAINING_FAILED', message, options);
  }
}
