import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MEGABYTE = 2 ** 20;
const FILE_MEGABYTES = 64;
const RECORD_CHARACTERS = 4_000;
/** The program itself needs some 25 MB, and the collector room to work in. */
const HEAP_MEGABYTES = 56;

const folder = temporaryFolder();
const probe = fileURLToPath(new URL('memory-probe.ts', import.meta.url));

function writePool(path: string, megabytes: number): number {
  const file = openSync(path, 'w');
  let records = 0;
  for (let bytes = 0; bytes < megabytes * MEGABYTE; records += 1) {
    const instruction = `${records} `.padEnd(RECORD_CHARACTERS, 'the quick brown fox ');
    bytes += writeSync(file, `${JSON.stringify({ id: records, instruction, topic: 'foxes' })}\n`);
  }
  closeSync(file);
  return records;
}

function readInSmallHeap(path: string, keeps: 'nothing' | 'texts') {
  const flags = [`--max-old-space-size=${HEAP_MEGABYTES}`, '--max-semi-space-size=2', '--import', 'tsx'];
  return spawnSync(process.execPath, [...flags, probe, path, keeps], { encoding: 'utf8' });
}

it('reads a JSONL file into a heap that could not hold its text', () => {
  const path = folder.file('large.jsonl');
  const records = writePool(path, FILE_MEGABYTES);
  expect(FILE_MEGABYTES).toBeGreaterThan(HEAP_MEGABYTES);
  const { status, stdout, stderr } = readInSmallHeap(path, 'nothing');
  expect(stderr).not.toContain('heap out of memory');
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${records}\n` });
  // The same with every text kept must fail, else the limit proves nothing.
  expect(readInSmallHeap(path, 'texts').stderr).toContain('heap out of memory');
});
