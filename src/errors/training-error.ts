import { WinnowError } from './winnow-error.ts';

/** Training the seed model failed. */
export class TrainingError extends WinnowError {
  /** What the failed try has cost: known, or else the most it can have. */
  readonly costMicroUsd: number;

  constructor(message: string, options: { hint?: string; cause?: unknown; costMicroUsd?: number } = {}) {
    super('TRAINING_FAILED', message, options);
    this.costMicroUsd = options.costMicroUsd ?? 0;
  }
}
