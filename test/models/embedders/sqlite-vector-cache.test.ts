import { execFile } from 'node:child_process';
import { closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmbeddingError } from '../../../src/domain/errors.ts';
import { textHash } from '../../../src/domain/instruction.ts';
import { SqliteVectorCache } from '../../../src/models/embedders/sqlite-vector-cache.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const moduleUrl = new URL('../../../src/models/embedders/sqlite-vector-cache.ts', import.meta.url).href;

/** Runs a script with `cache` open in a process of its own. */
function runElsewhere(path: string, script: string) {
  const program = `
    const { SqliteVectorCache } = await import('${moduleUrl}');
    const cache = new SqliteVectorCache(${JSON.stringify(path)});
    ${script}`;
  return promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program]);
}

function failureOf(action: () => unknown): EmbeddingError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(EmbeddingError);
    return error as EmbeddingError;
  }
  throw new Error('It did not fail.');
}

describe('SqliteVectorCache', () => {
  it('takes at most a tenth more than the vectors themselves, and half a megabyte', () => {
    const path = folder.file('compact.sqlite');
    const cache = new SqliteVectorCache(path);
    const [rows, columns] = [4_000, 384];
    for (let start = 0; start < rows; start += 500) {
      const hashes = Array.from({ length: 500 }, (_, i) => textHash(`text ${start + i}`));
      cache.put(
        'space',
        hashes,
        hashes.map(() => new Float32Array(columns).fill(0.5)),
      );
    }
    cache.close();
    expect(statSync(path).size).toBeLessThan(1.1 * rows * columns * 4 + 2 ** 19);
  });

  it('gives back the bits of what was put, in the order asked for', () => {
    const cache = new SqliteVectorCache(':memory:');
    // What is cached once stays, so every case has a space of its own.
    let cases = 0;
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.float32Array({ minLength: 3, maxLength: 3 }), (texts, values) => {
        cases += 1;
        const space = `case ${cases}`;
        const hashes = texts.map(textHash);
        const vectors = texts.map((_, index) => Float32Array.from(values, (value) => value * index));
        cache.put(space, hashes, vectors);
        expect(cache.get(space, hashes.toReversed())).toEqual(vectors.toReversed());
      }),
    );
    cache.close();
  });

  it('says undefined for what it does not hold, and keeps spaces apart', () => {
    const cache = new SqliteVectorCache(':memory:');
    const [a, b] = [textHash('a'), textHash('b')];
    cache.put('one', [a], [Float32Array.of(1)]);
    cache.put('two', [b], [Float32Array.of(2)]);
    expect(cache.get('one', [b, a, b, a])).toEqual([undefined, Float32Array.of(1), undefined, Float32Array.of(1)]);
    expect(cache.get('three', [a])).toEqual([undefined]);
    expect(cache.get('one', [])).toEqual([]);
    cache.close();
  });

  it('keeps the vector that was stored first', () => {
    const cache = new SqliteVectorCache(':memory:');
    const hash = textHash('a');
    cache.put('space', [hash, hash], [Float32Array.of(1), Float32Array.of(2)]);
    cache.put('space', [hash], [Float32Array.of(3)]);
    expect(cache.get('space', [hash])).toEqual([Float32Array.of(1)]);
    cache.close();
  });

  it('stores all of a put or nothing', () => {
    const cache = new SqliteVectorCache(':memory:');
    expect(() => cache.put('space', [textHash('a'), 'no hash'], [Float32Array.of(1), Float32Array.of(2)])).toThrow(
      EmbeddingError,
    );
    expect(() => cache.put('space', [textHash('a')], [])).toThrow(RangeError);
    expect(cache.get('space', [textHash('a')])).toEqual([undefined]);
    cache.close();
  });

  it('finds 50,000 vectors by hash', () => {
    const cache = new SqliteVectorCache(':memory:');
    const hashes = Array.from({ length: 50_000 }, (_, i) => textHash(`text ${i}`));
    cache.put(
      'space',
      hashes,
      hashes.map((_, i) => Float32Array.of(i)),
    );
    expect(cache.get('space', hashes).every((vector, i) => vector?.[0] === i)).toBe(true);
    cache.close();
  });

  it('makes its folder, and finds everything again when it is opened again', () => {
    const path = folder.file('deep/er/vectors.db');
    const first = new SqliteVectorCache(path);
    first.put('space', [textHash('a')], [Float32Array.of(0.5, -1)]);
    first.close();
    const second = new SqliteVectorCache(path);
    expect(second.get('space', [textHash('a')])).toEqual([Float32Array.of(0.5, -1)]);
    second.close();
  });

  it('has on the disk what was put before the process was killed', async () => {
    const path = folder.file('killed.db');
    const script = `
      cache.put('space', ['${textHash('a')}'], [Float32Array.of(4, 2)]);
      process.kill(process.pid, 'SIGKILL');`;
    await expect(runElsewhere(path, script)).rejects.toMatchObject({ signal: 'SIGKILL' });
    const cache = new SqliteVectorCache(path);
    expect(cache.get('space', [textHash('a')])).toEqual([Float32Array.of(4, 2)]);
    cache.close();
  });

  it('is shared by processes that make it and write to it at once', async () => {
    const path = folder.file('shared.db');
    const script = (start: number) => `
      for (let i = ${start}; i < ${start} + 60; i += 1) {
        cache.put('space', [i, i + 1].map((n) => n.toString(16).padStart(64, '0')), [Float32Array.of(i), Float32Array.of(i + 1)]);
      }
      cache.close();`;
    await Promise.all([0, 30, 60, 90].map((start) => runElsewhere(path, script(start))));
    const cache = new SqliteVectorCache(path);
    const hashes = Array.from({ length: 151 }, (_, i) => i.toString(16).padStart(64, '0'));
    expect(cache.get('space', hashes).map((vector) => vector?.[0])).toEqual(hashes.map((_, i) => i));
    cache.close();
  });

  it('names the file to delete when it is no database, damaged, or not its own', () => {
    const text = folder.write('text.db', 'this is not a database, though it is long enough to be looked at as one');
    expect(failureOf(() => new SqliteVectorCache(text)).hint).toContain(
      `Delete ${text} (and ${text}-wal, ${text}-shm)`,
    );

    const foreign = folder.file('foreign.db');
    new Database(foreign).exec('CREATE TABLE t (x)').close();
    const failure = failureOf(() => new SqliteVectorCache(foreign));
    expect(failure.message).toBe(
      `The vector cache ${foreign} cannot be used: it was not made by this version of winnow.`,
    );
    expect(failure.hint).toContain(`Delete ${foreign}`);

    const damaged = folder.file('damaged.db');
    const cache = new SqliteVectorCache(damaged);
    const hashes = Array.from({ length: 500 }, (_, i) => textHash(`${i}`));
    cache.put(
      'space',
      hashes,
      hashes.map(() => new Float32Array(100)),
    );
    cache.close();
    const file = openSync(damaged, 'r+');
    // The tables are in the first pages, their rows in the others.
    const start = 6 * 65_536;
    writeSync(file, Buffer.alloc(statSync(damaged).size - start, 0x5a), 0, undefined, start);
    closeSync(file);
    const reopened = new SqliteVectorCache(damaged);
    expect(failureOf(() => reopened.get('space', hashes)).hint).toContain(`Delete ${damaged}`);
    reopened.close();
  });

  it('names the file when it cannot be opened, and leaves nothing behind', () => {
    const blocked = `${folder.write('a-file', '')}/vectors.db`;
    const failure = failureOf(() => new SqliteVectorCache(blocked));
    expect(failure.message).toContain(`The vector cache ${blocked} cannot be used: `);
    expect(failure.hint).toContain('another cache folder');
    expect(readdirSync(folder.path)).not.toContain('vectors.db');
  });
});

describe('texts that got no usable vector', () => {
  it('are noted without a vector, until one comes', () => {
    const cache = new SqliteVectorCache(':memory:');
    const [a, b] = [textHash('a'), textHash('b')];
    cache.put('one', [a, b], [null, Float32Array.of(1)]);
    expect(cache.get('one', [a, b])).toEqual([undefined, Float32Array.of(1)]);
    expect(cache.refused('one', [a, b])).toEqual(new Set([a]));
    expect(cache.refused('two', [a, b])).toEqual(new Set());
    cache.put('one', [a], [Float32Array.of(2)]);
    expect(cache.get('one', [a])).toEqual([Float32Array.of(2)]);
    expect(cache.refused('one', [a, b])).toEqual(new Set());
    cache.close();
  });

  it('lose the first axis that earlier versions stored for them', () => {
    const path = folder.file('earlier.db');
    const [a, b] = [textHash('a'), textHash('b')];
    const before = new SqliteVectorCache(path);
    before.put('one', [a, b], [Float32Array.of(1, 0, 0), Float32Array.of(0, 1, 0)]);
    before.close();
    const database = new Database(path);
    database.exec('DROP TABLE refused');
    database.close();
    const after = new SqliteVectorCache(path);
    expect(after.get('one', [a, b])).toEqual([undefined, Float32Array.of(0, 1, 0)]);
    after.close();
  });
});
