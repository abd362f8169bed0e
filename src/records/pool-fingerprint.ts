import { createHash } from 'node:crypto';
import { embeddingText, textHash } from '../domain/instruction.ts';
import type { Pool } from '../domain/pool.ts';

const BYTES_PER_ROW = 4;

/**
 * Identifies what a run depends on in a pool: its ids and texts in order, the ids of merged records, and
 * which row is which instruction. Files, other fields and bad records do not matter. SHA-256, 64 hex digits; O(bytes of text).
 */
export function poolFingerprint(pool: Pool): string {
  const digest = createHash('sha256');
  for (const item of pool.instructions) digest.update(`${JSON.stringify([item.id, textHash(embeddingText(item))])}\n`);
  digest.update(`${JSON.stringify([...pool.mergedIds])}\n`);
  const rows = Buffer.alloc(pool.positionOfRow.length * BYTES_PER_ROW);
  for (const [row, position] of pool.positionOfRow.entries()) rows.writeInt32LE(position, row * BYTES_PER_ROW);
  return digest.update(rows).digest('hex');
}
