import { existsSync } from 'node:fs';
import { embeddingText } from '../src/domain/instruction.ts';
import { embeddingMatrix, takeRows } from '../src/math/embedding-matrix.ts';
import { seededRandom } from '../src/math/random.ts';
import { readPool } from '../src/records/read-pool.ts';
import { nearestResponses } from '../src/trainers/nearest-neighbour.ts';
import { Retrieval } from '../src/trainers/retrieval/retrieval-model.ts';
import { type Benchmark, timed } from './benchmark.ts';

const REAL_POOL = '../shared/data/t0-50k.jsonl.gz';
const OWN_POOL = 'data/pool.jsonl';
const LABELS = 400;

/** The seed models that answer with labels, on a pool whose vectors are known. Texts are real, vectors are not. */
export const answerBenchmark: Benchmark = {
  name: 'answer',
  async run({ quick, kernel, embeddings }) {
    const { instructions } = await readPool([existsSync(REAL_POOL) ? REAL_POOL : OWN_POOL]);
    const labeledItems = instructions.filter(({ output }) => output?.trim());
    const items = seededRandom(1, 'bench')
      .shuffle(labeledItems)
      .slice(0, quick ? 5_000 : 50_000);
    const { data, columns } = embeddings;
    const vectors = embeddingMatrix(data.subarray(0, items.length * columns), items.length, columns);
    const rows = Array.from({ length: Math.min(LABELS, items.length) }, (_, row) => row);
    const labeled = { texts: rows.map((row) => embeddingText(items[row]!)), vectors: takeRows(vectors, rows) };
    const responses = rows.map((row) => items[row]!.output!);
    const texts = items.map(embeddingText);
    const retrieval = await timed(() => new Retrieval(labeled, responses, kernel).answers({ texts, vectors }));
    const nearest = await timed(() => nearestResponses(vectors, labeled.vectors, responses, kernel));
    const work = `${items.length.toLocaleString('en-US')} questions, ${rows.length} labels`;
    return [
      { what: `retrieval, ${work}`, seconds: retrieval.seconds, rate: rate(items.length, retrieval.seconds) },
      { what: `nearest-neighbour, ${work}`, seconds: nearest.seconds, rate: rate(items.length, nearest.seconds) },
    ];
  },
};

const rate = (answers: number, seconds: number) => `${Math.round(answers / seconds).toLocaleString('en-US')} answers/s`;
