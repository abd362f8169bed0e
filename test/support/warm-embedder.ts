import { minilmEmbedder } from '../../src/models/embedders/minilm-embedder.ts';

// Embedders share the model while one of them has used it. Without one that stays, most tests would load it again.
const warmed: unique symbol = Symbol.for('winnow warm embedder');
const shared = globalThis as { [warmed]?: unknown };
if (shared[warmed] === undefined) {
  const embedder = minilmEmbedder();
  shared[warmed] = embedder;
  embedder.embed(['']).catch(() => undefined);
}
