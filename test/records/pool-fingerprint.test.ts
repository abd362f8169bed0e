import { expect, it } from 'vitest';
import { readPool } from '../../src/records/read-pool.ts';
import { byteStream } from '../support/byte-stream.ts';

async function fingerprint(...records: readonly object[]): Promise<string> {
  const content = records.map((record) => JSON.stringify(record)).join('\n');
  return (await readPool(['-'], { stdin: byteStream(content) })).fingerprint;
}

const a = { id: 'a', text: 'x' };
const b = { id: 'b', text: 'y' };

it('is the same for the same ids, texts and rows, with any other fields', async () => {
  const plain = await fingerprint(a, b, a);
  expect(plain).toMatch(/^[0-9a-f]{64}$/);
  expect(await fingerprint({ ...a, output: 'o', topic: 't' }, { id: 'b', prompt: 'y' }, { id: 'a', text: 'x' })).toBe(
    plain,
  );
});

it('differs when an id, a text, the order, or the row or id of a duplicate differs', async () => {
  const pools = [
    await fingerprint(a, b),
    await fingerprint(b, a),
    await fingerprint({ ...a, id: 'c' }, b),
    await fingerprint({ ...a, text: 'z' }, b),
    await fingerprint(a, b, a),
    await fingerprint(a, a, b),
    await fingerprint(a, b, b),
    await fingerprint(a, b, { id: 'z', text: 'x' }),
  ];
  expect(new Set(pools).size).toBe(pools.length);
});
