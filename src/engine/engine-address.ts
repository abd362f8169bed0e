import { UsageError } from '../domain/errors.ts';
import { option, sentence } from '../domain/wording.ts';

/**
 * Puts the password, which belongs into no file and no command line, into an address.
 * @throws UsageError when it is not the address of a Redis
 */
export function engineAddress(address: string, password?: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw new UsageError(
      sentence`${option('engine')} is the address of a Redis server, such as redis://host:6379.`,
      'For TLS, use rediss://.',
    );
  }
  if (password !== undefined && password !== '') url.password = password;
  return url.href;
}

/** An address without user and password, for messages. */
export function shownAddress(address: string): string {
  const { protocol, hostname, port } = new URL(address);
  return `${protocol}//${hostname}${port === '' ? '' : `:${port}`}`;
}
