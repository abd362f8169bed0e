import { EmbeddingError } from '../../domain/errors.ts';

/** What a .npy file holds, and from which byte on. */
export interface NpyHeader {
  /** `<f4`: float32, `<f8`: float64, `<f2`: float16; all little-endian. */
  readonly type: '<f4' | '<f8' | '<f2';
  readonly rows: number;
  readonly columns: number;
  readonly dataOffset: number;
}

/** Magic and version, then the length of the rest in two bytes (version 1) or four. */
const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
const ALIGNMENT = 64;
export const MAX_PREAMBLE_BYTES = 12;

const SAVE_AGAIN = 'Save the array as numpy.save("vectors.npy", numpy.ascontiguousarray(vectors, dtype="<f4")).';

/**
 * Where the header ends.
 * @param start the first bytes of the file, at least `MAX_PREAMBLE_BYTES` unless it is shorter
 * @throws EmbeddingError when it is no .npy file of version 1, 2 or 3
 */
export function npyHeaderEnd(start: Buffer, path: string): number {
  if (!start.subarray(0, MAGIC.length).equals(MAGIC)) {
    const zipped = start.toString('latin1', 0, 2) === 'PK';
    throw new EmbeddingError(`${path} is not a .npy file${zipped ? ' but a zip archive, as .npz files are' : ''}.`, {
      hint: zipped ? 'Save the one array with numpy.save instead of numpy.savez.' : SAVE_AGAIN,
    });
  }
  const version = start[MAGIC.length];
  if (start.length < MAX_PREAMBLE_BYTES || version === undefined || version < 1 || version > 3) {
    const what = start.length < MAX_PREAMBLE_BYTES ? 'ends within its header' : `has the unknown version ${version}`;
    throw new EmbeddingError(`${path} ${what}.`, { hint: SAVE_AGAIN });
  }
  return version === 1 ? 10 + start.readUInt16LE(8) : 12 + start.readUInt32LE(8);
}

/**
 * Understands the header: a Python dictionary of element type, order and shape.
 *
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @param bytes the file up to where its header ends
 * @throws EmbeddingError when the array is not two-dimensional, not of little-endian floats, or in Fortran order
 */
export function parseNpyHeader(bytes: Buffer, path: string): NpyHeader {
  const text = bytes.toString('latin1', bytes[MAGIC.length] === 1 ? 10 : 12);
  const refuse = (what: string) => new EmbeddingError(`${path} ${what}.`, { hint: SAVE_AGAIN });
  const shape = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  if (shape === undefined || order === undefined) throw refuse('has a header that cannot be read');

  const type = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  if (type !== '<f4' && type !== '<f8' && type !== '<f2') {
    throw refuse(`holds elements of type ${type ?? '"structured"'}; only <f4, <f8 and <f2 are read`);
  }
  if (order === 'True') throw refuse('is in Fortran order (column by column); only C order is read');
  const lengths = shape.split(',').flatMap((length) => (length.trim() === '' ? [] : [Number(length)]));
  const [rows, columns] = lengths;
  if (rows === undefined || columns === undefined || lengths.length > 2) {
    throw refuse(`has ${lengths.length} dimensions (${shape.trim()}) instead of two, rows and columns`);
  }
  return { type, rows, columns, dataOffset: bytes.length };
}

/** The header of a float32 matrix, version 1, padded so that the data is aligned. */
export function encodeNpyHeader(rows: number, columns: number): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const preamble = Buffer.concat([MAGIC, Buffer.of(1, 0, 0, 0)]);
  const length = Math.ceil((preamble.length + text.length + 1) / ALIGNMENT) * ALIGNMENT - preamble.length;
  preamble.writeUInt16LE(length, 8);
  return Buffer.concat([preamble, Buffer.from(`${text.padEnd(length - 1)}\n`, 'latin1')]);
}
