import { describe, expect, it } from 'vitest';
import { Registry } from '../../src/domain/registry.ts';
import { poolSources } from '../../src/records/pool-source.ts';
import { readPool } from '../../src/records/read-pool.ts';
import type { RecordFormat } from '../../src/records/record-format.ts';
import { RECORD_FORMATS } from '../../src/records/registry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const RECORDS = [
  { instruction: 'Add 2 and 3.', topic: 'math' },
  { instruction: 'Name a river.', id: 'river' },
];

async function* later() {
  for (const record of RECORDS) yield record;
}

describe('a pool in memory', () => {
  it.each([
    ['a list of records', RECORDS],
    ['a set of records', new Set(RECORDS)],
    ['records that arrive one by one', later()],
  ])('may be %s', async (_, input) => {
    const { instructions } = await readPool(poolSources(input));
    expect(instructions.map(({ instruction }) => instruction)).toEqual(['Add 2 and 3.', 'Name a river.']);
    expect(instructions[0]?.meta).toEqual({ topic: 'math' });
    expect(instructions[1]).toMatchObject({ id: 'river', source: { file: 'the given records', line: 2 } });
  });

  it('is told from paths', () => {
    expect(poolSources('a.jsonl')).toEqual(['a.jsonl']);
    expect(poolSources(['a.jsonl', '-'])).toEqual(['a.jsonl', '-']);
    expect(poolSources(RECORDS)).toEqual([RECORDS]);
  });

  it('names the record that cannot be used', async () => {
    const input = [...RECORDS, { note: 'no text' }];
    await expect(readPool(poolSources(input))).rejects.toThrow(/^the given records, record 3: /);
  });

  it('must hold something', async () => {
    await expect(readPool([[]])).rejects.toThrow('There are no records in the given records.');
  });
});

it("a reader of the user's own reads its files", async () => {
  const lines: RecordFormat = {
    name: 'lines',
    summary: 'one instruction a line',
    extensions: ['.lst'],
    unit: 'line',
    async *read({ content }) {
      let text = '';
      for await (const chunk of content()) text += chunk.toString('utf8');
      for (const [index, line] of text.trimEnd().split('\n').entries()) {
        yield { line: index + 1, value: { instruction: line } };
      }
    },
  };
  const path = folder.write('pool.lst', 'First\nSecond\n');
  await expect(readPool([path])).rejects.toThrow('its extension is ".lst"');
  const { instructions } = await readPool([path], { formats: RECORD_FORMATS.with(lines) });
  expect(instructions.map(({ instruction }) => instruction)).toEqual(['First', 'Second']);
  expect(new Registry('file format', [lines]).names).toEqual(['lines']);
});
