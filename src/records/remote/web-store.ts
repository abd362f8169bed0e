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
      const isNamed = isReadable(url.pathname);
      const head = await ask(0, isNamed ? '0' : `${SNIFFED_BYTES - 1}`, {});
      if (isNamed) await head.body?.cancel();
      const extension = isNamed ? undefined : extensionFor(head.headers, await firstBytes(head), isReadable);
      if (extension === null) {
        throw new PoolError(`The format of "${name}" is unknown.`, {
          hint: 'The server calls it no format that winnow reads. Download it and name it as what it is, such as .jsonl or .parquet.',
          data: { file: name },
        });
      }
      const version = versionOf(head.headers);
      const file: RemoteFile = {
        ...{ name, address, version, bytes: sizeOf(head) },
        ...(extension === undefined ? {} : { extension }),
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

const SNIFFED_BYTES = 1024;

/** The beginning of what a server sends; the rest is not read. */
async function firstBytes(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? emptyContent()) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= SNIFFED_BYTES) break;
  }
  return Buffer.concat(chunks);
}

const TYPES: readonly (readonly [type: RegExp, extension: string])[] = [
  [/ndjson|jsonl|json-?lines|json-seq/, '.jsonl'],
  [/json/, '.json'],
  [/tab-separated/, '.tsv'],
  [/csv/, '.csv'],
  [/parquet/, '.parquet'],
  [/vnd\.apache\.arrow/, '.arrow'],
];
const BEGINNINGS: readonly (readonly [beginning: RegExp, extension: string])[] = [
  [/^PAR1/, '.parquet'],
  [/^ARROW1/, '.arrow'],
  [/^\s*\[/, '.json'],
  [/^\s*\{[^\n]*\}\r?\n\s*\{/, '.jsonl'],
];

/**
 * The extension for a file whose address has none: that of the name for downloads, else by its type, else by its first
 * bytes. Null where nothing tells.
 */
function extensionFor(headers: Headers, head: Buffer, isReadable: (name: string) => boolean): string | null {
  const [, download = ''] = /filename\*?="?(?:UTF-8'')?([^";]+)/i.exec(headers.get('content-disposition') ?? '') ?? [];
  if (isReadable(download)) return /(?:\.[^./\\]+){1,2}$/.exec(download)?.[0] ?? null;
  const type = headers.get('content-type') ?? '';
  const text = head.toString('latin1');
  const find = (known: typeof TYPES, value: string) => known.find(([form]) => form.test(value))?.[1];
  // Servers call JSON Lines JSON, and anything plain text.
  const known = find(BEGINNINGS, text) ?? find(TYPES, type);
  // Any JSON is read as such, JSON Lines too.
  return known ?? (/^\s*\{/.test(text) ? '.json' : null);
}

async function* emptyContent(): AsyncGenerator<Uint8Array> {}

function versionOf(headers: Headers): string | undefined {
  return headers.get('etag') || headers.get('last-modified') || undefined;
}

function sizeOf({ status, headers }: Response): number | undefined {
  const text = status === PARTIAL ? headers.get('content-range')?.split('/').at(-1) : headers.get('content-length');
  const encoded = status !== PARTIAL && headers.get('content-encoding') !== null;
  return encoded || !text || !/^\d+$/.test(text) ? undefined : Number(text);
}
