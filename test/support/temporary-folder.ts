import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

export interface TemporaryFolder {
  readonly path: string;
  /** The path of a file in it. */
  file(name: string): string;
  /** Writes a file in it, and the folders around it, and gives its path. */
  write(name: string, content: string | Uint8Array): string;
}

/** A folder of the calling test file, removed after its last test. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'winnow-test-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  const file = (name: string) => join(path, name);
  return {
    path,
    file,
    write: (name, content) => {
      mkdirSync(dirname(file(name)), { recursive: true });
      writeFileSync(file(name), content);
      return file(name);
    },
  };
}
