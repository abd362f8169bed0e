import { EmbeddingError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { onnxRuntimeLoadFailure } from '../../math/onnx-runtime.ts';

/** Why an embedder that runs here cannot, and what to do about it. */
export function localRuntimeMissing(): EmbeddingError {
  const cause = onnxRuntimeLoadFailure();
  const reason = cause instanceof Error ? `: ${cause.message.split('\n', 1)[0]}` : '';
  return new EmbeddingError(
    `The local embedder needs onnxruntime-node, which does not load on this machine${reason}.`,
    {
      hint: sentence`Embed elsewhere: set ${option('embedder', 'openai')}.`,
      cause,
    },
  );
}
