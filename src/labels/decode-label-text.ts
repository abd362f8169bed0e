import { LabelError } from '../domain/errors.ts';
import { checkEncoding, ENCODING_PEEK_BYTES, findEncoding } from '../records/text-encoding.ts';

/**
 * The text of a label file: by its mark, else in the encoding that is named, else UTF-8, or UTF-16 where its zeros say so. Letters of another encoding would become
 * replacement marks in what models are trained on.
 * @throws LabelError for bytes that are neither; UsageError for an encoding that does not exist
 */
export function decodeLabelText(bytes: Buffer, path: string, encoding?: string): string {
  if (encoding !== undefined) checkEncoding(encoding);
  const { name, markBytes } = findEncoding(bytes.subarray(0, ENCODING_PEEK_BYTES), encoding);
  try {
    return new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(bytes.subarray(markBytes));
  } catch (error) {
    throw new LabelError(`${path} is not valid ${name.toUpperCase()}.`, {
      hint: 'Export it as UTF-8 (in a spreadsheet: "CSV UTF-8"), or name its encoding, such as windows-1252.',
      cause: error,
    });
  }
}
