import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

const IN_MEMORY = '/dev/shm';
const LEAST_BYTES = 8e9;

/**
 * Where tests write: in memory, where that has room and may hold programs, else the usual temporary folder. The state
 * files of winnow reach the disk at every call, and hundreds of tests would wait for it.
 */
export function memoryFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    if (Math.min(bavail * bsize, freemem()) < LEAST_BYTES) return tmpdir();
    const folder = mkdtempSync(join(IN_MEMORY, 'winnow-test-'));
    try {
      writeFileSync(join(folder, 'program'), '#!/bin/sh\n', { mode: 0o700 });
      execFileSync(join(folder, 'program'));
    } finally {
      rmSync(folder, { recursive: true });
    }
    return IN_MEMORY;
  } catch {
    return tmpdir();
  }
}
