import { type FileHandle, open } from 'node:fs/promises';
import { EmbeddingError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { type EmbeddingMatrix, embeddingMatrix } from '../../math/embedding-matrix.ts';
import { halfToNumber } from './half-float.ts';
import { assertMatrixFits } from './matrix-room.ts';
import { encodeNpyHeader, MAX_PREAMBLE_BYTES, type NpyHeader, npyHeaderEnd, parseNpyHeader } from './npy-header.ts';

const ELEMENT_BYTES = { '<f2': 2, '<f4': 4, '<f8': 8 } as const;
/** One read or write: a multiple of every element's size. One call of the system takes less than 2 GB. */
const CHUNK_BYTES = 16 * 2 ** 20;

/**
 * Reads a NumPy array file of floats as it is. float64 is rounded to float32, float16 widened. Memory is
 * the matrix and at most 16 MB.
 * @throws EmbeddingError when it is no such file, is cut short, holds more than one array, cannot be opened, or does not
 *   fit into this machine
 */
export async function readNpy(path: string): Promise<EmbeddingMatrix> {
  const file = await openForReading(path);
  try {
    const header = await readHeader(file, path);
    return embeddingMatrix(await readElements(file, header, path), header.rows, header.columns);
  } finally {
    await file.close();
  }
}

/**
 * The content of a .npy file (version 1, float32, C order) in pieces of at most 16 MB, to be written
 * with `writeFileAtomically`. `readNpy` gives the same bits back. The matrix is not copied.
 */
export function* npyContent(matrix: EmbeddingMatrix): Generator<Uint8Array, void, undefined> {
  yield encodeNpyHeader(matrix.rows, matrix.columns);
  // In memory's order, which is little-endian on every machine Node is released for except s390x.
  const bytes = bytesOf(matrix.data);
  for (let offset = 0; offset < bytes.length; offset += CHUNK_BYTES) yield bytes.subarray(offset, offset + CHUNK_BYTES);
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new EmbeddingError(
      `${path} ${missing ? 'does not exist' : `cannot be opened: ${(error as Error).message}`}.`,
      { hint: sentence`Check the path in ${option('embeddings')}.`, cause: error, data: { file: path } },
    );
  }
}

async function readHeader(file: FileHandle, path: string): Promise<NpyHeader> {
  const status = await file.stat();
  if (!status.isFile()) {
    throw new EmbeddingError(`${path} is not a regular file.`, { hint: 'Give the path of a .npy file.' });
  }
  const start = Buffer.alloc(Math.min(MAX_PREAMBLE_BYTES, status.size));
  await readFully(file, start, 0, path);
  const end = npyHeaderEnd(start, path);
  if (end > status.size) throw wrongSize(path, 'ends within its header');
  const bytes = Buffer.alloc(end);
  await readFully(file, bytes, 0, path);
  const header = parseNpyHeader(bytes, path);

  // Before memory is set aside for what may be a nonsensical shape.
  const dataBytes = header.rows * header.columns * ELEMENT_BYTES[header.type];
  if (status.size - end !== dataBytes) {
    const shape = `${header.rows} × ${header.columns} values of ${ELEMENT_BYTES[header.type]} bytes`;
    throw wrongSize(path, `should have ${dataBytes} bytes after its header (${shape}) but has ${status.size - end}`);
  }
  assertMatrixFits(header.rows, header.columns);
  return header;
}

async function readElements(file: FileHandle, header: NpyHeader, path: string): Promise<Float32Array> {
  const elements = new Float32Array(header.rows * header.columns);
  const elementBytes = ELEMENT_BYTES[header.type];
  const elementsPerChunk = CHUNK_BYTES / elementBytes;
  for (let first = 0; first < elements.length; first += elementsPerChunk) {
    const target = elements.subarray(first, first + elementsPerChunk);
    const position = header.dataOffset + first * elementBytes;
    if (header.type === '<f4') {
      await readFully(file, bytesOf(target), position, path);
      continue;
    }
    const source = Buffer.allocUnsafe(target.length * elementBytes);
    await readFully(file, source, position, path);
    const read =
      header.type === '<f8'
        ? (i: number) => source.readDoubleLE(i * elementBytes)
        : (i: number) => halfToNumber(source.readUInt16LE(i * elementBytes));
    for (let i = 0; i < target.length; i += 1) target[i] = read(i);
  }
  return elements;
}

/** @throws EmbeddingError when the file ends before `target` is full, because it shrank meanwhile */
async function readFully(file: FileHandle, target: Uint8Array, position: number, path: string): Promise<void> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await file.read(target, filled, target.length - filled, position + filled);
    if (bytesRead === 0) throw wrongSize(path, `ended at byte ${position + filled} while it was read`);
    filled += bytesRead;
  }
}

function wrongSize(path: string, what: string): EmbeddingError {
  return new EmbeddingError(`${path} ${what}.`, {
    hint: 'The file was not written completely, or is damaged. Write or copy it again.',
  });
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
