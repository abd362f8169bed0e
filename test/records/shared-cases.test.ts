import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReadPoolOptions } from '../../src/records/pool-source.ts';
import { readPool } from '../../src/records/read-pool.ts';

const CASES = join(import.meta.dirname, '../../../shared/cases');
const names = existsSync(CASES) ? readdirSync(CASES) : [];

async function read(number: string, file: string, options: ReadPoolOptions = {}) {
  const name = names.find((one) => one.startsWith(`${number}-`))!;
  return readPool([join(CASES, name, file)], options);
}

describe.skipIf(names.length === 0)('files that people have', () => {
  it.each([
    [
      '01',
      'pool.jsonl',
      ['My sourdough does not rise.', 'How is a mortgage paid off over time?', 'List two uses of copper.'],
    ],
    ['04', 'pool.json', ['Name a sea that touches Poland.', 'Name a lake in Siberia.']],
    ['05', 'pool.jsonl', ['Suggest a name for a small bakery.', 'What is a haiku?']],
    ['06', 'pool.jsonl', ['And how often?']],
    ['07', 'pool.jsonl', ['Name a sea.']],
    ['08', 'pool.jsonl', ['Name a sea that touches Poland.', 'Name a lake in Siberia.']],
    ['09', 'pool.jsonl', ['Name a sea that touches Poland.']],
    ['12', 'pool.csv', ['Name a sea that touches Poland.', 'Name a lake in Siberia.']],
    ['14', 'pool.csv', ['Nenne drei deutsche Flüsse.', 'Was ist Hefe?']],
    ['15', 'nan.jsonl', ['Explain yeast.', 'Explain salt.']],
    ['15', 'comma.json', ['Explain yeast.', 'Explain salt.']],
    ['16', 'one.json', ['Explain why bread dough rises.']],
    ['16', 'chat.json', ['Name a sea.']],
  ])('case %s: %s', async (number, file, instructions) => {
    const pool = await read(number, file);
    expect(pool.instructions.map(({ instruction }) => instruction)).toEqual(instructions);
  });

  it('case 02: system prompts and earlier turns are part of the item', async () => {
    const { instructions } = await read('02', 'pool.jsonl');
    expect(instructions.map(({ context }) => context?.before.map(({ role }) => role))).toEqual([
      ['system'],
      ['system'],
      ['user', 'assistant'],
    ]);
  });

  it('case 03: an unknown role never shifts an answer', async () => {
    await expect(read('03', 'pool.jsonl')).rejects.toThrow('unknown role "bing"');
    const { instructions } = await read('03', 'pool.jsonl', { roles: { bing: 'assistant' }, turns: 'first' });
    expect(instructions.map(({ output }) => output)).toEqual(['78.4 degrees Celsius.']);
  });

  it('case 10: inputs of instances', async () => {
    const { instructions } = await read('10', 'pool.jsonl');
    expect(instructions.map(({ input }) => input)).toEqual(['Hot : Cold :: Up : Down', 'Teh cat sat on teh mat.']);
  });

  it('case 11: a named field plays one role', async () => {
    const { instructions } = await read('11', 'pool.jsonl', { fields: { instruction: 'input', output: 'target' } });
    expect(instructions.every(({ input }) => input === undefined)).toBe(true);
  });

  it('case 13: an opening quote swallows no rows', async () => {
    expect((await read('13', 'pool.tsv')).instructions).toHaveLength(5);
  });
});
