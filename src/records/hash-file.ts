import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { PoolError } from '../domain/errors.ts';

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
