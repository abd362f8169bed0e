import { readPool } from '../../src/records/read-pool.ts';

/** Run by the memory test in a process of its own: reads a pool and goes through it, keeping its texts or not. */
const [, , path = '', keeps = 'nothing'] = process.argv;
const pool = await readPool([path]);
const kept: string[] = [];
let count = 0;
for (const { instruction } of pool.instructions) {
  count += 1;
  if (keeps === 'texts') kept.push(instruction);
}
process.stdout.write(`${Math.max(count, kept.length)}\n`);
