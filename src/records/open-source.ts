import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PoolError } from '../domain/errors.ts';
import { readFailure, STANDARD_INPUT, sourceName } from './record-reader.ts';

const CHUNK_BYTES = 256 * 1024;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

export interface OpenSourceOptions {
  /** What `-` reads; it is read once, to its end. */
  readonly stdin?: AsyncIterable<Buffer>;
  readonly signal?: AbortSignal;
}

/**
 * The content of a file or of standard input, chunk by chunk: decompressed when its first bytes are gzip's
 * (under any name), without a UTF-8 byte order mark. Memory: a few chunks.
 * @throws PoolError when the source is missing, unreadable, a truncated gzip, or UTF-16; the signal's reason when it aborts
 */
export async function* openSource(file: string, { stdin, signal }: OpenSourceOptions): AsyncGenerator<Buffer> {
  try {
    const raw = file === STANDARD_INPUT ? stdin : createReadStream(file, { highWaterMark: CHUNK_BYTES });
    if (raw === undefined) throw new PoolError('No standard input was given to read "-" from.');
    const { head, all } = await peek(signal === undefined ? raw : untilAborted(raw, signal), GZIP_MAGIC.length);
    const content = isGzip(head) ? decompressed(all) : all;
    yield* withoutByteOrderMark(file, content);
  } catch (error) {
    signal?.throwIfAborted();
    throw readFailure(file, error);
  }
}

/** Whether content that begins so is gzipped. */
export function isGzip(head: Uint8Array): boolean {
  return GZIP_MAGIC.equals(head.subarray(0, GZIP_MAGIC.length));
}

function decompressed(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // The stream itself reports the pipeline's failure to its reader.
  return pipeline(Readable.from(bytes), createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
}

async function* withoutByteOrderMark(file: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { head, all } = await peek(bytes, UTF8_MARK.length);
  if (UTF16_MARKS.some((mark) => mark.equals(head.subarray(0, mark.length)))) {
    throw new PoolError(`${sourceName(file)} is encoded as UTF-16, not UTF-8.`, {
      hint: 'Convert it, for example: iconv -f UTF-16 -t UTF-8.',
    });
  }
  let toSkip = UTF8_MARK.equals(head.subarray(0, UTF8_MARK.length)) ? UTF8_MARK.length : 0;
  for await (const chunk of all) {
    yield toSkip === 0 ? chunk : chunk.subarray(toSkip);
    toSkip = 0;
  }
}

/** Reads until `length` bytes are there, or the end. `head` holds at least those; `all` is everything, `head` included. */
async function peek(
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
