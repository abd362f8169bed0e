import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ItemShards } from '../../../src/records/shards/item-shards.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const plain = { pack: (one: unknown) => one, unpack: (one: unknown) => one };
const shardsIn = (path: string, keptBytes: number) => new ItemShards(plain, { folder: () => path, keptBytes });

/** What this process has open of files that have no name any more. */
function openShards(path: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    const link = join('/proc/self/fd', descriptor);
    const target = targetOf(link);
    return target.startsWith(path) && target.endsWith('(deleted)') ? [link] : [];
  });
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

describe('ItemShards', () => {
  it('holds what was added, in its order, however little of it fits into memory', () => {
    const path = folder.file('order');
    const item = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.jsonValue());
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 300 }),
        fc.array(fc.tuple(fc.nat(400), fc.boolean())),
        fc.constantFrom(1, 30_000, 100_000, 1e9),
        (items, accesses, keptBytes) => {
          const shards = shardsIn(path, keptBytes);
          const expected = [...items];
          for (const one of items) shards.push(one);
          for (const [position, isReplaced] of accesses) {
            if (position >= items.length) {
              expect(() => shards.at(position)).toThrow(RangeError);
              continue;
            }
            if (isReplaced) {
              expected[position] = `new ${position}`;
              shards.replace(position, `new ${position}`);
            }
            expect(shards.at(position)).toStrictEqual(expected[position]);
          }
          expect(shards.length).toBe(items.length);
          expect([...shards.list()]).toStrictEqual(expected);
        },
      ),
    );
  });

  it('can be added to while it is read', () => {
    const shards = shardsIn(folder.file('both'), 50_000);
    for (let row = 0; row < 2_000; row += 1) {
      shards.push(`row ${row}`);
      expect(shards.at(Math.floor(row / 3))).toBe(`row ${Math.floor(row / 3)}`);
      expect(shards.at(row)).toBe(`row ${row}`);
    }
  });

  it('writes nothing where all of it fits', () => {
    const path = folder.file('unused');
    const shards = shardsIn(path, 1e8);
    for (let row = 0; row < 5_000; row += 1) shards.push({ row });
    expect([...shards.list()]).toHaveLength(5_000);
    expect(shards.isOnDisk).toBe(false);
    expect(existsSync(path)).toBe(false);
  });

  it('keeps what is shared within a block, and objects that are in memory', () => {
    const shards = shardsIn(folder.file('shared'), 1e9);
    const record = { a: 1 };
    shards.push({ record });
    expect(shards.at(0)).toBe(shards.at(0));
    expect((shards.at(0) as { record: object }).record).toBe(record);
  });

  it('leaves out what no file can hold', () => {
    const shards = shardsIn(folder.file('functions'), 1);
    for (let row = 0; row < 100; row += 1) shards.push({ row, run: () => row, big: 12n });
    expect(shards.at(3)).toEqual({ row: 3, big: '12' });
  });

  it('names the disk where it cannot write', () => {
    const path = folder.file('blocked');
    writeFileSync(path, '');
    const shards = shardsIn(path, 1);
    const add = () => {
      for (let row = 0; row < 100_000; row += 1) shards.push('x'.repeat(100));
    };
    expect(add).toThrow(/^The pool does not fit into memory and cannot be written to .*blocked/);
  });

  it.skipIf(process.platform !== 'linux')('leaves no name behind, and is readable by its owner alone', () => {
    const path = folder.file('nameless');
    const shards = shardsIn(path, 1);
    for (let row = 0; row < 100; row += 1) shards.push(`row ${row}`);
    expect(shards.at(0)).toBe('row 0');
    expect(readdirSync(path)).toEqual([]);
    const [link] = openShards(path);
    expect(statSync(link!).mode & 0o077).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')('notices every byte that changed', () => {
    const path = folder.file('damaged');
    const shards = shardsIn(path, 1);
    for (let row = 0; row < 100; row += 1) shards.push(`row ${row}`);
    expect(shards.at(0)).toBe('row 0');
    const [link] = openShards(path);
    const { size } = statSync(link!);
    writeFileSync(link!, Buffer.alloc(size, 1));
    expect(() => [...shards.list()]).toThrow('The temporary file that holds the pool is damaged.');
    writeFileSync(link!, '');
    expect(() => [...shards.list()]).toThrow('The temporary file that holds the pool is damaged.');
  });

  it('leaves nothing behind when its process is killed while it writes', () => {
    const path = folder.file('killed');
    mkdirSync(path);
    const writer = fileURLToPath(new URL('write-until-killed.ts', import.meta.url));
    const { signal, stdout } = spawnSync(process.execPath, ['--import', 'tsx', writer, path], { encoding: 'utf8' });
    expect({ signal, stdout }).toEqual({ signal: 'SIGKILL', stdout: 'on disk\n' });
    expect(readdirSync(path)).toEqual([]);
  });
});
