import { describe, expect, it } from 'vitest';
import { type PickOptions, pick } from '../../src/index.ts';
import { readJsonl } from '../../src/records/jsonl.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const pool = ['one', 'two', 'three'].map((instruction) => ({ instruction }));
const choose = (options: Partial<PickOptions>) =>
  pick({ pool, count: 1, strategy: 'random', state: ':memory:', ...options });

describe('what errors say for programs', () => {
  it.each<[string, Partial<PickOptions>, object]>([
    ['an option that is too small', { concurrency: 0 }, { option: 'concurrency', limit: 1 }],
    ['more picks than there are', { count: 5 }, { option: 'count', limit: 3 }],
    ['a filter', { count: 3, where: ['instruction=one'] }, { option: 'where', limit: 1 }],
  ])('%s', async (_, options, data) => {
    await expect(choose(options)).rejects.toMatchObject({ data });
  });

  it('a file, its line and the most that a line may have', async () => {
    const records = [];
    for await (const some of readJsonl(chunks('{"a":1}\n{"a":"long"}\n'), { maxLineBytes: 8 })) records.push(...some);
    expect(records[1]).toMatchObject({ line: 2, limit: 8 });
    const file = folder.write('wide.csv', `instruction\nx${','.repeat(1_200_000)}\n`);
    await expect(choose({ pool: file })).rejects.toMatchObject({ data: { file, line: 2, limit: 1_000_000 } });
  });
});

async function* chunks(text: string) {
  yield Buffer.from(text);
}
