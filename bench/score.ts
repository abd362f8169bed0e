import { existsSync } from 'node:fs';
import { readPool } from '../src/records/read-pool.ts';
import { shippedExpertScorer } from '../src/selection/judges/expert/scorer-file.ts';
import { type Benchmark, timed } from './benchmark.ts';

const REAL_POOL = '../shared/data/dolly-3k.jsonl';
const OWN_POOL = 'data/pool.jsonl';

/** The expert scorer on responses as they come, on one core. */
export const scoreBenchmark: Benchmark = {
  name: 'score',
  async run({ quick }) {
    const { instructions } = await readPool([existsSync(REAL_POOL) ? REAL_POOL : OWN_POOL]);
    const items = instructions.flatMap(({ instruction, input, output }) =>
      output === undefined ? [] : [{ instruction, ...(input === undefined ? {} : { input }), response: output }],
    );
    const scorer = shippedExpertScorer();
    for (const item of items) scorer.score(item);
    const rounds = quick ? 1 : 3;
    const { seconds } = await timed(() => {
      for (let round = 0; round < rounds; round += 1) for (const item of items) scorer.score(item);
    });
    const scored = items.length * rounds;
    const rate = `${(scored / seconds).toFixed(0)} pairs/s`;
    return [{ what: `expert scorer, ${items.length} instructions with responses`, seconds, rate }];
  },
};
