import { UsageError } from '../domain/errors.ts';
import { option, sentence } from '../domain/wording.ts';

const UTF8 = 'utf-8';
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** How much of a file is looked at for the zeros of UTF-16 without a mark. */
export const ENCODING_PEEK_BYTES = 64;

/** How a file is to be decoded, and how many of its first bytes are a mark. */
export interface FoundEncoding {
  readonly name: string;
  readonly markBytes: number;
  /** What to tell, where it is not UTF-8. */
  readonly note?: string;
}

/**
 * The encoding of a file by its first bytes: a byte order mark, else the one that the user named, else the zeros of UTF-16
 * in Western text, else UTF-8.
 */
export function findEncoding(head: Buffer, named: string | undefined): FoundEncoding {
  const mark = head.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return { name: 'utf-16le', markBytes: 2, note: 'read as UTF-16' };
  if (mark === 'feff') return { name: 'utf-16be', markBytes: 2, note: 'read as UTF-16' };
  if (UTF8_MARK.equals(head.subarray(0, UTF8_MARK.length))) return { name: UTF8, markBytes: UTF8_MARK.length };
  if (named !== undefined) return { name: named.toLowerCase(), markBytes: 0 };
  const zeros = (from: 0 | 1) => {
    const bytes = head.filter((_, index) => index % 2 === from);
    return bytes.length >= 2 && bytes.every((byte) => byte === 0);
  };
  if (zeros(1)) return { name: 'utf-16le', markBytes: 0, note: 'read as UTF-16, which it looks like' };
  if (zeros(0)) return { name: 'utf-16be', markBytes: 0, note: 'read as UTF-16, which it looks like' };
  return { name: UTF8, markBytes: 0 };
}

/** Whether bytes need no decoding. */
export function isUtf8Name(name: string): boolean {
  return name === UTF8 || name === 'utf8';
}

/** The same content as UTF-8, chunk by chunk. @throws TypeError for bytes that the encoding does not have */
export async function* decoded(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield Buffer.from(text);
  }
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest);
}

/** @throws UsageError for an encoding that does not exist */
export function checkEncoding(name: string): void {
  try {
    new TextDecoder(name);
  } catch {
    throw new UsageError(
      sentence`${option('encoding')} names an encoding that is unknown: ${name}.`,
      'Examples: windows-1252, utf-16le, shift_jis, gb18030.',
    );
  }
}
