import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { identityText } from '../domain/conversation.ts';
import { PoolError } from '../domain/errors.ts';
import { textHash } from '../domain/instruction.ts';
import type { Pool } from '../domain/pool.ts';

const BYTES_PER_ROW = 4;

/**
 * Identifies what a run depends on in a pool: its ids and texts in order, the ids of merged records, and
 * which row is which instruction. Files, other fields and bad records do not matter. SHA-256, 64 hex digits; O(bytes of text).
 */
export function poolFingerprint(pool: Pool): string {
  const digest = createHash('sha256');
  for (const item of pool.instructions) digest.update(`${JSON.stringify([item.id, textHash(identityText(item))])}\n`);
  digest.update(`${JSON.stringify([...pool.mergedIds])}\n`);
  const rows = Buffer.alloc(pool.positionOfRow.length * BYTES_PER_ROW);
  for (const [row, position] of pool.positionOfRow.entries()) rows.writeInt32LE(position, row * BYTES_PER_ROW);
  return digest.update(rows).digest('hex');
}

/**
 * SHA-256 of a file's bytes as they lie on the disk, in hexadecimal; undefined where there is no such file.
 * @throws PoolError for one that cannot be read
 */
export async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new PoolError(`${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  return hash.digest('hex');
}
