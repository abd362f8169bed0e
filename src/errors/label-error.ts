import { WinnowError } from './winnow-error.ts';

/** Labels cannot be exported or imported. */
export class LabelError extends WinnowError {
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super('LABELS_FAILED', message, options);
  }
}
