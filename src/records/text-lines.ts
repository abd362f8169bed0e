import { extname } from 'node:path';
import { PoolError } from '../domain/errors.ts';
import type { OpenSource, RecordFormat } from './record-format.ts';
import { NAME_THE_ENCODING, NOT_UTF8, type ReadRecord, sourceName } from './record-reader.ts';

/** What one item of a text file is. */
export const TEXT_ITEMS = ['line', 'file'] as const;
export type TextItems = (typeof TEXT_ITEMS)[number];

/** Texts without fields: one item a line, or the whole file as one, which is usual for Markdown. */
export const textFormat: RecordFormat = {
  name: 'text',
  summary: 'plain text: one item a line, or a file',
  extensions: ['.txt', '.md'],
  unit: 'line',
  read: readText,
};

async function* readText({ file, content, textItems }: OpenSource): AsyncGenerator<ReadRecord> {
  const isWhole = (textItems ?? (/\.md\b/i.test(extname(file)) ? 'file' : 'line')) === 'file';
  let rest = '';
  let line = 0;
  for await (const text of decodedChunks(file, content())) {
    rest += text;
    if (isWhole) continue;
    const lines = rest.split('\n');
    rest = lines.pop()!;
    for (const one of lines) {
      line += 1;
      const item = one.replace(/\r$/, '');
      if (item.trim() !== '') yield { line, value: { text: item } };
    }
  }
  if (rest.trim() !== '') yield { line: line + 1, value: { text: isWhole ? rest.trim() : rest.replace(/\r$/, '') } };
}

/** @throws PoolError for bytes that are not UTF-8 */
async function* decodedChunks(file: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new PoolError(`${sourceName(file)} cannot be read: ${NOT_UTF8}.`, { hint: NAME_THE_ENCODING, cause: error });
  }
}
