import { WinnowError } from './winnow-error.ts';

/** A worker thread did not start, failed or ended before its work was done. */
export class ThreadError extends WinnowError {
  constructor(message: string, cause?: unknown) {
    const hint = 'Run the command again. If memory ran out, raise it: NODE_OPTIONS=--max-old-space-size=8192.';
    super('THREAD_FAILED', message, { hint, cause });
  }
}
