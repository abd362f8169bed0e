import { WinnowError } from './winnow-error.ts';

/** A file of pairs or a fitted scorer cannot be used. */
export class ScorerError extends WinnowError {
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super('SCORER', message, options);
  }
}
