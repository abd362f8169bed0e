import { PoolError } from '../../domain/errors.ts';
import { remoteFailure, StatusError } from './remote-failure.ts';
import type { RemoteFile, RemoteStore } from './remote-store.ts';

const ADVICE = 'Use an address that needs no sign-in, or download the file and give its path.';
const PARTIAL = 206;

/** Files by their web address. */
export const webStore: RemoteStore = {
  name: 'web',
  summary: 'https://… the address of a file',
  holds: (address) => /^https?:\/\//i.test(address),
  async list(address, { access, signal, isReadable }) {
    const url = new URL(address);
    // What follows a question mark is often a key.
    const name = `${url.origin}${url.pathname}`;
    if (!isReadable(url.pathname)) {
      throw new PoolError(`The format of "${name}" is unknown.`, {
        hint: 'Its path must end as a file of a known format does, such as .jsonl or .parquet. Otherwise download it and name it so.',
        data: { file: name },
      });
    }
    const request = access.fetch ?? fetch;
    const ask = async (start: number, end: string, headers: Record<string, string>, stop = signal) => {
      const response = await request(address, {
        headers: { ...headers, range: `bytes=${start}-${end}` },
        ...(stop && { signal: stop }),
      });
      if (response.ok) return response;
      await response.body?.cancel();
      throw new StatusError(response.status);
    };
    try {
      const head = await ask(0, '0', {});
      await head.body?.cancel();
      const version = versionOf(head.headers);
      const file: RemoteFile = {
        ...{ name, address, version, bytes: sizeOf(head) },
        async open(start, stop) {
          const tag = head.headers.get('etag');
          const response = await ask(start, '', !tag ? {} : { 'if-range': tag }, stop);
          if (versionOf(response.headers) !== version) {
            await response.body?.cancel();
            throw new PoolError(`"${name}" was changed while it was downloaded.`, { hint: 'Run again.' });
          }
          const from = response.status === PARTIAL ? start : 0;
          return { start: from, bytes: response.body ?? emptyContent() };
        },
      };
      return [file];
    } catch (error) {
      signal?.throwIfAborted();
      throw remoteFailure(name, error, ADVICE, access);
    }
  },
};

async function* emptyContent(): AsyncGenerator<Uint8Array> {}

function versionOf(headers: Headers): string | undefined {
  return headers.get('etag') || headers.get('last-modified') || undefined;
}

function sizeOf({ status, headers }: Response): number | undefined {
  const text = status === PARTIAL ? headers.get('content-range')?.split('/').at(-1) : headers.get('content-length');
  const encoded = status !== PARTIAL && headers.get('content-encoding') !== null;
  return encoded || !text || !/^\d+$/.test(text) ? undefined : Number(text);
}
