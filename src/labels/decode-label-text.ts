import { LabelError } from '../domain/errors.ts';
import { ENCODING_PEEK_BYTES, findEncoding } from '../records/text-encoding.ts';

/**
 * The text of a label file: UTF-8, or UTF-16 where a mark or its zeros say so. Letters of another encoding would become
 * replacement marks in what models are trained on.
 * @throws LabelError for bytes that are neither
 */
export function decodeLabelText(bytes: Buffer, path: string): string {
  const { name, markBytes } = findEncoding(bytes.subarray(0, ENCODING_PEEK_BYTES), undefined);
  try {
    return new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(bytes.subarray(markBytes));
  } catch (error) {
    throw new LabelError(`${path} is not valid ${name.toUpperCase()}.`, {
      hint: 'Export it as UTF-8, or save it as "CSV UTF-8" where a spreadsheet wrote it.',
      cause: error,
    });
  }
}
