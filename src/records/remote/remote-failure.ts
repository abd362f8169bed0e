import { PoolError } from '../../domain/errors.ts';
import { messageOf } from '../record-reader.ts';

/** What a server said, as an error that says what to do. @param advice what to do where access was refused */
export function remoteFailure(name: string, error: unknown, advice: string): PoolError {
  if (error instanceof PoolError) return error;
  const status = statusOf(error);
  const fault = (message: string, hint: string) => new PoolError(message, { hint, cause: error, data: { file: name } });
  if (status === 401 || status === 403) return fault(`Access to "${name}" was refused (status ${status}).`, advice);
  if (status === 404)
    return fault(`There is no "${name}" on the server.`, `Check the address. If it is not public: ${advice}`);
  const detail = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return fault(`"${name}" cannot be read: ${messageOf(detail)}.`, 'Run again: finished parts are kept.');
}

/** The HTTP status in an error of the Hub's or Amazon's library. */
function statusOf(error: unknown): number | undefined {
  const { statusCode, $metadata } = (error ?? {}) as { statusCode?: number; $metadata?: { httpStatusCode?: number } };
  return statusCode ?? $metadata?.httpStatusCode;
}

/** A status of a plain request. */
export class StatusError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number) {
    super(`the server answered with status ${statusCode}`);
    this.statusCode = statusCode;
  }
}
