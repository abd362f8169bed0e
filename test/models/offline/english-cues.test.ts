import { expect, it } from 'vitest';
import { englishCuesNote } from '../../../src/models/offline/english-cues.ts';

const GERMAN = ['Warum ist der Himmel blau?', 'Schreibe ein Gedicht über den Winter.', 'Nenne drei Obstsorten.'];
const ENGLISH = ['Why is the sky blue?', 'Write a poem about winter.', 'Name three fruits.'];
const asItems = (texts: readonly string[]) => texts.map((instruction) => ({ instruction }));

it('says that cues are English where items are in another language or script', async () => {
  const [note] = await englishCuesNote(
    'offline judge',
    asItems([...GERMAN, ...ENGLISH, 'ทำไมท้องฟ้าจึงเป็นสีฟ้า', 'Почему?']),
  );
  expect(String(note)).toMatch(
    /^About 63 % of the items are not in English\. The offline judge looks for English words/,
  );
});

it('says nothing of English items', async () => {
  expect(await englishCuesNote('offline judge', asItems(ENGLISH))).toEqual([]);
  expect(await englishCuesNote('offline judge', [])).toEqual([]);
});
