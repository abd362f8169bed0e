import { WinnowError } from './winnow-error.ts';

/** The annotation page cannot be served. */
export class WebError extends WinnowError {
  constructor(
    code: 'PORT_IN_USE' | 'ADDRESS_UNUSABLE' | 'PAGE_MISSING',
    message: string,
    options: { hint: string; cause?: unknown },
  ) {
    super(code, message, options);
  }
}
