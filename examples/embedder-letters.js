// An embedder of one's own: texts with the same letter pairs are near each other. It needs no model and knows any script.
//   winnow pick pool.jsonl --count 20 --plugin examples/embedder-letters.js --embedder letters
import { z } from 'winnow-ai';

const COLUMNS = 256;

/** Counts the pairs of letters of a text in a row of unit length. */
function writeRow(text, row) {
  const letters = [...text.normalize('NFKC').toLowerCase()];
  for (const [index, letter] of letters.entries()) {
    const pair = (letters[index - 1]?.codePointAt(0) ?? 0) * 31 + letter.codePointAt(0);
    row[pair % COLUMNS] += 1;
  }
  if (letters.length === 0) row[0] = 1;
  const length = Math.hypot(...row);
  for (let column = 0; column < COLUMNS; column += 1) row[column] /= length;
}

const letters = {
  name: 'letters',
  summary: 'counts pairs of letters; no model, any script',
  settings: z.object({}),
  identity: () => 'letters 1',
  open: async () => ({
    space: 'letters/1',
    metered: false,
    embed: async (texts) => {
      const data = new Float32Array(texts.length * COLUMNS);
      for (const [index, text] of texts.entries()) {
        writeRow(text, data.subarray(index * COLUMNS, (index + 1) * COLUMNS));
      }
      return { data, rows: texts.length, columns: COLUMNS };
    },
  }),
};

export default { name: 'letters-embedder', version: '1.0.0', embedders: [letters] };
