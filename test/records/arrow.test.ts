import { fileURLToPath } from 'node:url';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { expect, it } from 'vitest';
import { readPool } from '../../src/records/read-pool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

function arrow(columns: Record<string, unknown[]>, format: 'stream' | 'file'): Uint8Array {
  return tableToIPC(tableFromArrays(columns), { format })!;
}

it.each(['stream', 'file'] as const)('reads the %s form of Arrow, nested columns too', async (format) => {
  const messages = [
    [{ role: 'user', content: 'Hi' }],
    [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Why is snow white? ☃' },
    ],
  ];
  const path = folder.write(`${format}.arrow`, arrow({ messages, likes: [1, 2], scores: [[0.5], [1, 2]] }, format));
  const { instructions } = await readPool([path]);
  expect(instructions.map(({ instruction }) => instruction)).toEqual(['Hi', 'Why is snow white? ☃']);
  expect(instructions[1]!.context!.before).toEqual([{ role: 'system', text: 'Be brief.' }]);
  expect(instructions.map(({ meta }) => meta)).toEqual([
    { likes: 1, scores: [0.5] },
    { likes: 2, scores: [1, 2] },
  ]);
});

it('reads a folder of save_to_disk: its Arrow files in order, and none of the JSON that describes them', async () => {
  for (const split of ['test', 'train']) {
    folder.write(`saved/${split}/dataset_info.json`, '{"description": "no record"}');
    folder.write(`saved/${split}/state.json`, '{"_fingerprint": "0"}');
  }
  folder.write('saved/dataset_dict.json', '{"splits": ["train", "test"]}');
  const part = (question: string) => arrow({ question: [question] }, 'stream');
  folder.write('saved/train/data-00001-of-00002.arrow', part('Third?'));
  folder.write('saved/train/data-00000-of-00002.arrow', part('Second?'));
  folder.write('saved/test/data-00000-of-00001.arrow', part('First?'));
  const { instructions } = await readPool([folder.file('saved')]);
  expect(instructions.map(({ instruction }) => instruction)).toEqual(['First?', 'Second?', 'Third?']);
});

// Written by pyarrow 25; the second text is 239,380 characters long, which is several blocks of LZ4.
it.each(['lz4.arrow', 'zstd.arrow', 'lz4.feather', 'zstd.feather'])('reads compressed buffers: %s', async (name) => {
  const path = fileURLToPath(new URL(`../fixtures/arrow/${name}`, import.meta.url));
  const { instructions } = await readPool([path]);
  const long = Array.from({ length: 6000 }, (_, i) => `Line ${i % 97} of a long text about winnowing. `).join('');
  expect(instructions.map(({ instruction }) => instruction)).toEqual(['Why is snow white?', long]);
  expect(instructions[1]!.context!.before).toEqual([{ role: 'system', text: 'Be brief.' }]);
  expect(instructions.map(({ id, meta }) => [id, meta.score])).toEqual([
    ['a', [0.5]],
    ['b', [1, 2]],
  ]);
});

it('says which file is no Arrow', async () => {
  const cut = arrow({ question: ['Why?'] }, 'file').subarray(0, 40);
  const path = folder.write('cut.arrow', cut);
  await expect(readPool([path])).rejects.toThrow(/cut\.arrow.*not a readable Arrow file|no records/);
});
