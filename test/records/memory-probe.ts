import { readPool } from '../../src/records/read-pool.ts';

/** Run by the memory test in a process of its own: reads a pool, holding its texts once or twice. */
const [, , path = '', copies = '1'] = process.argv;
const pool = await readPool([path]);
// Through bytes, so that the engine cannot share the characters.
const texts = pool.instructions.map(({ instruction }) => (copies === '2' ? Buffer.from(instruction).toString() : ''));
process.stdout.write(`${texts.length}\n`);
