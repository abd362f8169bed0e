import { PoolError } from '../../domain/errors.ts';
import { maskSecret } from '../../domain/mask-secret.ts';
import { messageOf } from '../record-reader.ts';
import type { RemoteAccess } from './remote-store.ts';

/**
 * What a server said, as an error that says what to do. A server may quote the keys that it was asked with.
 * @param advice what to do where access was refused
 */
export function remoteFailure(name: string, error: unknown, advice: string, access: RemoteAccess): PoolError {
  if (error instanceof PoolError) return error;
  const status = statusOf(error);
  const fault = (message: string, hint: string, cause?: unknown) =>
    new PoolError(message, { hint, ...(cause === undefined ? {} : { cause }), data: { file: name } });
  if (status === 401 || status === 403) return fault(`Access to "${name}" was refused (status ${status}).`, advice);
  if (status === 404)
    return fault(`There is no "${name}" on the server.`, `Check the address. If it is not public: ${advice}`);
  const detail = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const said = messageOf(detail);
  const masked = secretsOf(access).reduce(maskSecret, said);
  const cause = masked === said ? error : undefined;
  return fault(`"${name}" cannot be read: ${masked}.`, 'Run again: finished parts are kept.', cause);
}

function secretsOf({ hubToken, s3Credentials: s3 }: RemoteAccess): string[] {
  return [hubToken, s3?.sessionToken, s3?.secretAccessKey, s3?.accessKeyId].filter((one) => one !== undefined);
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
