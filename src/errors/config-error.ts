import { WinnowError } from './winnow-error.ts';

/** The configuration file is missing, malformed or holds what it must not. */
export class ConfigError extends WinnowError {
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super('CONFIG_INVALID', message, options);
  }
}
