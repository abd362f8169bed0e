import { embeddingText, type JsonObject } from '../src/domain/instruction.ts';
import { seededRandom } from '../src/math/random.ts';
import { readPool } from '../src/records/read-pool.ts';

/**
 * The half of a data set that is kept for measuring, drawn once; the other is for choosing constants. Early prototypes
 * used samples of whole sets, before the halves were drawn. Only records with a response, of one text the first, in drawn order.
 */
export async function measuringHalf(records: readonly JsonObject[]): Promise<readonly JsonObject[]> {
  const { instructions } = await readPool([records]);
  const distinct = new Map<string, JsonObject>();
  for (const item of instructions) {
    const text = embeddingText(item);
    if (item.output?.trim() && !distinct.has(text)) distinct.set(text, item.record);
  }
  const drawn = seededRandom(0, 'measure-retrieval', 'halves').shuffle([...distinct.values()]);
  return drawn.slice(Math.floor(drawn.length / 2));
}
