import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PoolError } from '../domain/errors.ts';
import { readFailure, STANDARD_INPUT } from './record-reader.ts';
import { decoded, ENCODING_PEEK_BYTES, findEncoding, isUtf8Name } from './text-encoding.ts';

const CHUNK_BYTES = 256 * 1024;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
/** Of four bytes the first two, which begin no text. */
const ZSTANDARD_MAGIC = Buffer.from([0x28, 0xb5]);
const MARK_BYTES = 3;

export interface OpenSourceOptions {
  /** Where the file is on this machine. Default: its name. */
  readonly path?: string | undefined;
  /** What `-` reads; it is read once, to its end. */
  readonly stdin?: AsyncIterable<Buffer>;
  readonly signal?: AbortSignal | undefined;
  /** Of files without a byte order mark. Default UTF-8; UTF-16 is recognized. */
  readonly encoding?: string | undefined;
  /** Called with what is unusual about the bytes. */
  readonly onTolerated?: (what: string) => void;
}

/**
 * The content of a file or of standard input as UTF-8, chunk by chunk: decompressed when its first bytes are those of gzip
 * or Zstandard (under any name), without a byte order mark. Memory: a few chunks.
 * @throws PoolError when the source is missing, unreadable, truncated, or not of its encoding; the signal's reason when
 *   it aborts
 */
export async function* openSource(file: string, options: OpenSourceOptions): AsyncGenerator<Buffer> {
  const { stdin, signal, path = file } = options;
  try {
    const raw = file === STANDARD_INPUT ? stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES });
    if (raw === undefined) throw new PoolError('No standard input was given to read "-" from.');
    const { head, all } = await peek(signal === undefined ? raw : untilAborted(raw, signal), ZSTANDARD_MAGIC.length);
    yield* asUtf8(isGzip(head) ? decompressed(all) : isZstandard(head) ? unpackedZstandard(all) : all, options);
  } catch (error) {
    signal?.throwIfAborted();
    throw readFailure(file, error);
  }
}

/** Whether content that begins so is compressed by Zstandard. */
function isZstandard(head: Uint8Array): boolean {
  return ZSTANDARD_MAGIC.equals(head.subarray(0, ZSTANDARD_MAGIC.length));
}

/** Whether content that begins so is gzipped. */
export function isGzip(head: Uint8Array): boolean {
  return GZIP_MAGIC.equals(head.subarray(0, GZIP_MAGIC.length));
}

function decompressed(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // The stream itself reports the pipeline's failure to its reader.
  return pipeline(Readable.from(bytes), createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
}

async function* asUtf8(bytes: AsyncIterable<Buffer>, options: OpenSourceOptions): AsyncGenerator<Buffer> {
  // No more than a mark is waited for: a pipe may be slow.
  const { head, all } = await peek(bytes, MARK_BYTES);
  const { name, markBytes, note } = findEncoding(head.subarray(0, ENCODING_PEEK_BYTES), options.encoding);
  if (note !== undefined) options.onTolerated?.(note);
  const content = skipped(all, markBytes);
  yield* isUtf8Name(name) ? content : decoded(content, name);
}

/** The same chunks without the first bytes. */
export async function* skipped(bytes: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let toSkip = count;
  for await (const chunk of bytes) {
    yield toSkip === 0 ? chunk : chunk.subarray(toSkip);
    toSkip = 0;
  }
}

async function* unpackedZstandard(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { Decompress } = await import('fzstd');
  let ready: Buffer[] = [];
  const stream = new Decompress((chunk) => ready.push(Buffer.from(chunk)));
  for await (const chunk of bytes) {
    stream.push(chunk);
    yield* ready;
    ready = [];
  }
  stream.push(new Uint8Array(0), true);
  yield* ready;
}

/** Reads until `length` bytes are there, or the end. `head` holds at least those; `all` is everything, `head` included. */
export async function peek(
  bytes: AsyncIterable<Buffer>,
  length: number,
): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const parts: Buffer[] = [];
  for (let size = 0; size < length; ) {
    const next = await iterator.next();
    if (next.done === true) break;
    parts.push(next.value);
    size += next.value.length;
  }
  const head = Buffer.concat(parts);
  async function* all(): AsyncGenerator<Buffer> {
    try {
      if (head.length > 0) yield head;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head, all: all() };
}

/**
 * The same chunks, but an abort ends the wait for the next one at once: a pipe whose writer is silent
 * would otherwise keep the program from stopping.
 */
async function* untilAborted(bytes: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  const iterator = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orAbort(iterator.next(), signal);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a generator that still waits for its next chunk closes only after that one.
    Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
