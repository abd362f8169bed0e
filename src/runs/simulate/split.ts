import { NotEnoughError } from '../../domain/errors.ts';
import { seededRandom } from '../../math/random.ts';

/** Positions of the labeled data, each list ascending; no position is in both. */
export interface Split {
  readonly pool: readonly number[];
  readonly heldOut: readonly number[];
}

export interface SplitSizes {
  readonly pool: number;
  readonly heldOut: number;
}

/** More would take too much from the pool that is chosen from. */
const LARGEST_HELD_OUT_SHARE = 1 / 5;

/**
 * How much of `labeled` instructions is held out and how much is the pool, the same for every seed.
 * @param sample the most the pool may have; 0 = all that are not held out
 * @throws NotEnoughError where nothing could be held out
 */
export function splitSizes(labeled: number, { heldOut, sample }: { heldOut: number; sample: number }): SplitSizes {
  const kept = Math.min(heldOut, Math.floor(labeled * LARGEST_HELD_OUT_SHARE));
  if (kept === 0) {
    const few =
      labeled === 1
        ? '1 distinct instruction with a response is'
        : `${labeled} distinct instructions with a response are`;
    throw new NotEnoughError(
      `${few} too few to hold one in five out.`,
      'Give at least 5; a few hundred give a useful result.',
    );
  }
  const rest = labeled - kept;
  return { pool: sample === 0 ? rest : Math.min(sample, rest), heldOut: kept };
}

/** The split of one seed: all arms of it choose from the same pool and are tried on the same held-out instructions. */
export function drawSplit(labeled: number, sizes: SplitSizes, seed: number): Split {
  const positions = Array.from({ length: labeled }, (_, position) => position);
  const drawn = seededRandom(seed, 'simulate', 'split').shuffle(positions);
  const ascending = (part: number[]) => part.sort((a, b) => a - b);
  return {
    heldOut: ascending(drawn.slice(0, sizes.heldOut)),
    pool: ascending(drawn.slice(sizes.heldOut, sizes.heldOut + sizes.pool)),
  };
}
