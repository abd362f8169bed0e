import { EmbeddingError } from '../../domain/errors.ts';
import { availableMemory, gigabytes } from '../../records/memory-room.ts';

/**
 * Asks, before memory is set aside, whether vectors fit into this machine.
 * @param available bytes; for tests
 * @throws EmbeddingError when `rows × columns` float32 are more than that
 */
export function assertMatrixFits(rows: number, columns: number, available = availableMemory()): void {
  const bytes = rows * columns * Float32Array.BYTES_PER_ELEMENT;
  if (bytes <= available) return;
  throw new EmbeddingError(
    `The vectors do not fit into memory: ${rows.toLocaleString('en-US')} rows of ${columns} values take ${gigabytes(bytes)}, and this machine has ${gigabytes(available)}.`,
    { hint: 'Use vectors of fewer dimensions, fewer records, or a machine with more memory.' },
  );
}
