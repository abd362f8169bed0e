import type { LabelTask } from '../../../src/domain/label.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** Tasks `it_1`, `it_2`, … */
export function labelTasks(count: number): LabelTask[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `it_${index + 1}`,
    instruction: `Explain ${index + 1}.`,
    round: 1,
    rank: index + 1,
    reason: 'covers a corner',
  }));
}

/** What the seed model failed at: comes with its answer. */
export const DRAFTED: LabelTask = {
  id: 'it_drafted',
  instruction: 'Sum up.',
  input: 'A long text.',
  round: 2,
  rank: 1,
  reason: 'failed',
  draft: { response: 'A text.', model: 'seed-1', score: 0.25, judgeReason: 'too short' },
};

/** What both servers need to be opened; time does not pass but by itself. */
export function patience() {
  return { fetch: globalThis.fetch, clock: new VirtualClock().runByItself(), random: seededRandom(1, 'label server') };
}
