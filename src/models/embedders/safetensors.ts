import { z } from 'zod';
import { EmbeddingError } from '../../domain/errors.ts';

/** One tensor of a safetensors file. */
export interface SafeTensor {
  /** Element type as the format names it: `F16`, `F32`, `I64`, … */
  readonly type: string;
  readonly shape: readonly number[];
  /** The elements, row-major and little-endian: a view into the file's bytes. */
  readonly bytes: Uint8Array;
}

const LENGTH_BYTES = 8;
const natural = z.int().nonnegative();
const headerSchema = z
  .looseObject({ __metadata__: z.unknown() })
  .partial()
  .transform(({ __metadata__, ...tensors }) => tensors)
  .pipe(
    z.record(
      z.string(),
      z.object({ dtype: z.string(), shape: z.array(natural), data_offsets: z.tuple([natural, natural]) }),
    ),
  );

/**
 * Reads the tensors of a safetensors file by name. Nothing is copied.
 *
 * Source: https://huggingface.co/docs/safetensors (8 bytes header length, header as JSON, data).
 * @throws EmbeddingError when the file is damaged: cut short, or no safetensors file
 */
export function parseSafetensors(file: Buffer): ReadonlyMap<string, SafeTensor> {
  if (file.length < LENGTH_BYTES) throw damaged(`it has ${file.length} bytes`);
  const headerLength = file.readBigUInt64LE();
  if (headerLength > file.length - LENGTH_BYTES) {
    throw damaged(`its header should take ${headerLength} bytes, but the whole file has ${file.length}`);
  }
  const data = file.subarray(LENGTH_BYTES + Number(headerLength));
  const tensors = new Map<string, SafeTensor>();
  for (const [name, tensor] of Object.entries(
    parseHeader(file.toString('utf8', LENGTH_BYTES, file.length - data.length)),
  )) {
    const [begin, end] = tensor.data_offsets;
    if (end < begin || end > data.length) {
      throw damaged(`${name} should end at byte ${end} of the data, which has ${data.length} bytes`);
    }
    tensors.set(name, { type: tensor.dtype, shape: tensor.shape, bytes: data.subarray(begin, end) });
  }
  return tensors;
}

function parseHeader(json: string): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(json));
  } catch (error) {
    throw damaged('its header cannot be read', error);
  }
}

function damaged(how: string, cause?: unknown): EmbeddingError {
  return new EmbeddingError(`The weights of the local embedder are damaged: ${how}.`, {
    hint: 'Install the dependencies again: npm ci.',
    cause,
  });
}
