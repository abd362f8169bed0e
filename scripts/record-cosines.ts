import { writeFileSync } from 'node:fs';
import { embeddingText } from '../src/domain/instruction.ts';
import { minilmEmbedder } from '../src/models/embedders/minilm-embedder.ts';
import { batchedCosine } from '../src/selection/judges/offline/batched-cosine.ts';
import { readableText } from '../src/text/readable-text.ts';
import { agreementItems, COSINES_FILE, hashOf } from '../test/selection/judges/offline/agreement-items.ts';

/**
 * Records the MiniLM cosines that the offline judge's agreement tests read, since embedding the texts takes minutes:
 *
 *     npx tsx scripts/record-cosines.ts
 */
const cosineOf = batchedCosine(minilmEmbedder());
const recorded: Record<string, object> = {};
for (const [name, items] of Object.entries(agreementItems())) {
  const cosines = await Promise.all(
    items.map((item) => {
      const response = readableText(item.response);
      return response === '' ? 0 : cosineOf(embeddingText(item), response);
    }),
  );
  recorded[name] = { hash: hashOf(items), cosines: cosines.map((cosine) => Number(cosine.toFixed(6))) };
}
const lines = Object.entries(recorded).map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
writeFileSync(COSINES_FILE, `{\n${lines.join(',\n')}\n}\n`);
