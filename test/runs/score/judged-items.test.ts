import { describe, expect, it } from 'vitest';
import { readPool } from '../../../src/records/read-pool.ts';
import { judgedItems } from '../../../src/runs/score/judged-items.ts';
import { byteStream } from '../../support/byte-stream.ts';

const records = [
  { instruction: 'x', output: '1' },
  { instruction: 'x', output: '2' },
  { instruction: 'x' },
  { instruction: 'x', output: '1' },
  { instruction: 'x', input: 'i', output: '1' },
];
const stdin = () => byteStream(records.map((record) => JSON.stringify(record)).join('\n'));
const pool = () => readPool(['-'], { stdin: stdin(), sameBy: 'pair' });

describe('judgedItems', () => {
  it('judges an instruction once, however many responses it has', async () => {
    const { items, itemOfRow } = judgedItems(await pool(), 'instructions');
    expect(items.map(({ input }) => input)).toEqual([undefined, 'i']);
    expect([...itemOfRow]).toEqual([0, 0, 0, 0, 1]);
  });

  it('judges every response there is, and none where there is none', async () => {
    const { items, itemOfRow } = judgedItems(await pool(), 'responses');
    expect(items.map(({ output }) => output)).toEqual(['1', '2', '1']);
    expect([...itemOfRow]).toEqual([0, 1, -1, 0, 2]);
  });

  it('keeps what has no response where one is to be written', async () => {
    expect([...judgedItems(await pool(), 'pairs').itemOfRow]).toEqual([0, 1, 2, 0, 3]);
  });
});
