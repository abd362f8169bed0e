import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Benchmark } from './benchmark.ts';

const POOL = 'data/pool.jsonl';
const HEAP = '--max-old-space-size=12288';

/** Each in a program of its own: what one leaves in memory would slow the other. */
const READ_POOL = `import { readPool } from ${JSON.stringify(join(process.cwd(), 'dist/records/read-pool.js'))};
const file = process.argv[1];
const start = performance.now();
const { positionOfRow } = await readPool([file]);
console.log(JSON.stringify({ records: positionOfRow.length, seconds: (performance.now() - start) / 1000 }));`;

const READLINE = `import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
const file = process.argv[1];
const start = performance.now();
const records = [];
for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) records.push(JSON.parse(line));
console.log(JSON.stringify({ records: records.length, seconds: (performance.now() - start) / 1000 }));`;

const outcome = z.object({ records: z.number(), seconds: z.number() });

/** JSONL from the disk to a pool without duplicates, beside readline and JSON.parse, which keep the values and check nothing. */
export const readBenchmark: Benchmark = {
  name: 'read',
  async run({ quick }) {
    const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-'));
    try {
      const file = join(folder, 'pool.jsonl');
      writeLargePool(file, quick ? 50e6 : 1e9);
      const megabytes = statSync(file).size / 1e6;
      const run = (program: string) => {
        const args = [HEAP, '--input-type=module', '--eval', program, file];
        return outcome.parse(JSON.parse(execFileSync(process.execPath, args).toString()));
      };
      const peer = run(READLINE);
      const { records, seconds } = run(READ_POOL);
      if (records !== peer.records) throw new Error(`${records} of ${peer.records} records were read`);
      return [
        {
          what: `read ${(megabytes / 1000).toFixed(2)} GB of JSONL, ${records} records`,
          seconds,
          rate: `${(megabytes / seconds).toFixed(1)} MB/s`,
          peer: `readline + JSON.parse: ${(megabytes / peer.seconds).toFixed(1)} MB/s, winnow takes ${(seconds / peer.seconds).toFixed(1)} × as long`,
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The records of a small pool again and again, each with a text and an id of its own. */
function writeLargePool(file: string, bytes: number): void {
  const records = readFileSync(POOL, 'utf8')
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const target = openSync(file, 'w');
  for (let written = 0, copy = 0; written < bytes; copy += 1) {
    const lines = records.map((record) => {
      const { id, instruction, ...rest } = z.looseObject({ id: z.string(), instruction: z.string() }).parse(record);
      return JSON.stringify({ id: `${id}-${copy}`, instruction: `${instruction} (${copy})`, ...rest });
    });
    written += writeSync(target, `${lines.join('\n')}\n`);
  }
  closeSync(target);
}
