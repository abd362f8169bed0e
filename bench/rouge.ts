import { existsSync } from 'node:fs';
import { embeddingText, type Instruction } from '../src/domain/instruction.ts';
import { largestRougeL } from '../src/math/largest-rouge-l.ts';
import { seededRandom } from '../src/math/random.ts';
import { type TokenLists, tokenLists } from '../src/math/token-lists.ts';
import { readPool } from '../src/records/read-pool.ts';
import { WordIds } from '../src/text/rouge-words.ts';
import { type Benchmark, timed } from './benchmark.ts';

const REAL_POOL = '../shared/data/t0-50k.jsonl.gz';
const OWN_POOL = 'data/pool.jsonl';

/** Of every text the largest ROUGE-L with a sample, and the textbook's table on work that one can finish. */
export const rougeBenchmark: Benchmark = {
  name: 'rouge',
  async run({ quick }) {
    const { instructions } = await readPool([existsSync(REAL_POOL) ? REAL_POOL : OWN_POOL]);
    const drawn = seededRandom(1, 'bench')
      .shuffle(instructions)
      .slice(0, quick ? 5_000 : instructions.length);
    const texts = wordsOf(drawn);
    const sample = firstOf(drawn, quick ? 200 : 1_000);
    const whole = await timed(() => largestRougeL(texts, sample));

    const few = drawn.slice(0, sample.length);
    const slice = wordsOf(few);
    const plainRows = quick ? 25 : 50;
    const ours = await timed(() => largestRougeL(slice, sample, { threads: 0 }));
    const plain = await timed(() => plainLargest(slice, sample, plainRows));
    if (plain.result.some((value, row) => value !== ours.result[row])) throw new Error('The two do not agree.');
    const perText = { ours: ours.seconds / few.length, plain: plain.seconds / plainRows };
    return [
      {
        what: `largest ROUGE-L, ${sizes(drawn, sample)}`,
        seconds: whole.seconds,
        rate: rate(drawn.length, sample, whole.seconds),
      },
      {
        what: `plain table, one thread, ${sizes(drawn.slice(0, plainRows), sample)}`,
        seconds: plain.seconds,
        rate: rate(plainRows, sample, plain.seconds),
        peer: `ours, one thread: ${(perText.plain / perText.ours).toFixed(0)} × faster`,
      },
    ];
  },
};

/** Of `others` + 1 positions every text is compared with `others`. */
function firstOf(items: readonly unknown[], others: number): Int32Array {
  return Int32Array.from({ length: Math.min(items.length, others + 1) }, (_, index) => index);
}

const rate = (rows: number, sample: Int32Array, seconds: number) => {
  return `${Math.round((rows * (sample.length - 1)) / seconds).toLocaleString('en-US')} pairs/s`;
};

const sizes = (items: readonly unknown[], sample: Int32Array) => {
  return `${items.length.toLocaleString('en-US')} instructions × ${(sample.length - 1).toLocaleString('en-US')} others`;
};

function wordsOf(instructions: readonly Instruction[]): TokenLists {
  const words = new WordIds();
  return tokenLists(instructions.map((item) => words.learn(embeddingText(item))));
}

/** Of the first `rows` texts, every pair. */
function plainLargest({ ids, starts }: TokenLists, sample: Int32Array, rows: number): Float64Array {
  const textAt = (position: number) => ids.subarray(starts[position]!, starts[position + 1]!);
  return Float64Array.from({ length: rows }, (_, position) => {
    const others = sample.includes(position) ? sample.filter((other) => other !== position) : sample.subarray(0, -1);
    let largest = 0;
    for (const other of others) {
      const [a, b] = [textAt(position), textAt(other)];
      largest = Math.max(largest, (2 * plainLcs(a, b)) / (a.length + b.length));
    }
    return largest;
  });
}

function plainLcs(a: Int32Array, b: Int32Array): number {
  let above = new Int32Array(b.length + 1);
  let row = new Int32Array(b.length + 1);
  for (let i = 0; i < a.length; i += 1) {
    for (let j = 0; j < b.length; j += 1) {
      row[j + 1] = a[i] === b[j] ? above[j]! + 1 : Math.max(above[j + 1]!, row[j]!);
    }
    [above, row] = [row, above];
  }
  return above[b.length]!;
}
