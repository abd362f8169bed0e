/**
 * One line, row or element of a source, numbered from 1: the value that was parsed, or why there is none.
 * A value is anything JSON can hold; whether it is a usable record is decided by `parseRecord`.
 */
export type ReadRecord =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly cause: string };

/**
 * Reads the records of one source, in order and lazily. What is wrong with a single record is yielded, so
 * that the reader can go on; what is wrong with the whole source is thrown.
 * @param file the source as the user named it, for messages
 * @param bytes its content: decompressed, without a byte order mark, readable once
 * @throws PoolError when the source as a whole cannot be read
 */
export type RecordReader = (file: string, bytes: AsyncIterable<Buffer>) => AsyncIterable<ReadRecord>;

/** Why a record with such bytes cannot be used. */
export const NOT_UTF8 = 'it holds bytes that are not valid UTF-8';
