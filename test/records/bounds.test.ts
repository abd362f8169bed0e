import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readPool } from '../../src/records/read-pool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

function pool(name: string, content: string): Promise<unknown> {
  const path = folder.file(name);
  writeFileSync(path, content);
  return readPool([path], { skipBadLines: true });
}

const GOOD = { text: 'good' };
const DEEP = `{"text":"deep","meta":${'['.repeat(300)}${']'.repeat(300)}}`;
const WIDE = JSON.stringify(
  Object.fromEntries([['text', 'wide'], ...Array.from({ length: 20_000 }, (_, i) => [i, 0])]),
);
const MANY = JSON.stringify({ text: 'many', list: new Array(1_000_001).fill(0) });

it.each([
  ['deep', DEEP, 'it is nested more than 200 levels deep'],
  ['wide', WIDE, 'it has 20,001 fields; the limit is 16,384'],
  ['of many values', MANY, 'it holds more than 1,000,000 values'],
])('names the row of a record that is too %s, and leaves it out where that is asked for', async (_, bad, cause) => {
  const good = JSON.stringify(GOOD);
  const kept = {
    badRecordCount: 1,
    badRecords: [expect.objectContaining({ cause })],
    instructions: [{ instruction: 'good' }],
  };
  await expect(pool('a.jsonl', `${bad}\n${good}\n`)).resolves.toMatchObject(kept);
  await expect(pool('a.json', `[${bad},${good}]`)).resolves.toMatchObject(kept);
  await expect(readPool([[JSON.parse(bad), GOOD]])).rejects.toMatchObject({
    code: 'POOL',
    message: `the given records, record 1: ${cause}.`,
  });
});

it('refuses floods of brackets in a file before they are parsed', async () => {
  const flood = '['.repeat(1_000_000);
  await expect(pool('flood.json', flood)).rejects.toThrow('cannot be read: it is nested more than 10,000 levels deep.');
  await expect(pool('flood.jsonl', `{"text":"good"}\n${flood}\n`)).resolves.toMatchObject({
    badRecords: [{ cause: 'it is nested more than 10,000 levels deep' }],
  });
});

it('reads a line no further than a record may be long', async () => {
  const line = Buffer.alloc(1024 * 1024, 'x').toString();
  const path = folder.file('long.jsonl');
  writeFileSync(path, `"${line.repeat(65)}"\n${JSON.stringify(GOOD)}\n`);
  await expect(readPool([path])).rejects.toThrow('line 1: it is 68157442 bytes long, 67108864 at most can be read.');
});

it('refuses a table whose header has too many columns', async () => {
  const names = Array.from({ length: 300_000 }, (_, column) => `c${column}`).join(',');
  await expect(pool('wide.csv', `${names}\n`)).rejects.toMatchObject({
    code: 'POOL',
    message: expect.stringContaining('has 300,000 columns; the limit is 16,384.'),
  });
  await expect(pool('flood.csv', `text\nok\n${','.repeat(3_000_000)}\n`)).rejects.toThrow(
    'it is longer than 1,000,000 cells',
  );
});

it('ends at a cell that never ends, and names its row', async () => {
  await expect(pool('open.csv', `text\nok\n"${'x'.repeat(65 * 2 ** 20)}`)).rejects.toMatchObject({
    code: 'POOL',
    message: expect.stringContaining('row 3: it is longer than 67,108,864 bytes.'),
    hint: expect.stringContaining('Is a quote never closed?'),
  });
});
