import { writeSync } from 'node:fs';
import { ItemShards } from '../../../src/records/shards/item-shards.ts';

/** Run by the tests in a process of its own: writes items and kills itself in the middle. */
const [, , folder = ''] = process.argv;
const shards = new ItemShards<string, string>(
  { pack: (one) => one, unpack: (one) => one },
  { folder: () => folder, keptBytes: 1_000 },
);
for (let row = 0; row < 50_000; row += 1) shards.push(`row ${row} ${'x'.repeat(100)}`);
if (shards.isOnDisk) writeSync(1, 'on disk\n');
process.kill(process.pid, 'SIGKILL');
