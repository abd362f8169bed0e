import { seededRandom } from '../math/random.ts';
import { ITEM_FATES } from './pool-figures.ts';

/** Most points that nothing happened to, and most failures that were not picked: that many fit a screen. */
const MOST_REMAINING = 4_000;
const MOST_FAILED = 3_000;

const FAILED = ITEM_FATES.indexOf('failed');
const REMAINING = ITEM_FATES.indexOf('remaining');

/**
 * Which items the map shows, ascending: all that people had or have to do with, of the others seeded samples. Who is in
 * a sample does not depend on what comes later: a pool that grows changes few of them.
 * @param fate by position, index into ITEM_FATES
 */
export function drawnPositions(fate: Uint8Array, seed: number): number[] {
  const positions = Array.from(fate, (_, position) => position);
  const sample = (wanted: number, most: number) => {
    const all = positions.filter((position) => fate[position] === wanted);
    if (all.length <= most) return all;
    const turn = new Map(all.map((position) => [position, seededRandom(seed, 'map', position).float()]));
    return all.sort((a, b) => turn.get(a)! - turn.get(b)! || a - b).slice(0, most);
  };
  const handled = positions.filter((position) => fate[position]! < FAILED);
  return [...handled, ...sample(FAILED, MOST_FAILED), ...sample(REMAINING, MOST_REMAINING)].sort((a, b) => a - b);
}
