import { EmbeddingError } from '../../domain/errors.ts';
import { OnnxGraphBuilder } from '../../math/onnx-graph-builder.ts';
import type { OnnxGraph } from '../../math/onnx-model.ts';
import type { SafeTensor } from './safetensors.ts';

/** Dimensions of a vector. */
export const MINILM_COLUMNS = 384;

const LAYERS = 6;
const HEADS = 12;
const HEAD_COLUMNS = MINILM_COLUMNS / HEADS;
const LAYER_NORM_EPSILON = 1e-12;
/** FLOAT as the Cast operator names it (TensorProto.DataType). */
const FLOAT32 = 1;

/**
 * The network of all-MiniLM-L6-v2 with pooling and normalisation: `ids` (texts × tokens, int32) to
 * `vectors` (texts × 384, unit length).
 *
 * The graph knows no attention mask: the texts of a batch must have equally many tokens. Nothing is
 * padded then, and a text's vector cannot depend on its neighbours. Weights stay in half precision in
 * the model, as they come; the runtime widens them once when it loads it.
 *
 * Source: Wang et al. 2020 (arXiv 2002.10957) for the model, Devlin et al. 2019 (arXiv 1810.04805) for the
 * architecture, Reimers & Gurevych 2019 (arXiv 1908.10084) for mean pooling.
 * @param weights the tensors under their names in the published model
 * @throws EmbeddingError when a tensor is missing, or not of half precision
 */
export function minilmGraph(weights: ReadonlyMap<string, SafeTensor>): OnnxGraph {
  const graph = new OnnxGraphBuilder();
  const axis = { axis: { int: -1 } };
  const one = graph.integers(1);
  const permute = (x: string, ...order: number[]) => graph.apply('Transpose', [x], { perm: { ints: order } });

  const weight = (name: string) => {
    const tensor = weights.get(name);
    if (tensor?.type !== 'F16') {
      throw new EmbeddingError(`The weights of the local embedder have no half-precision tensor ${name}.`, {
        hint: 'Install the dependencies again: npm ci.',
      });
    }
    const half = graph.constant({ type: 'float16', dimensions: tensor.shape, bytes: tensor.bytes });
    return graph.apply('Cast', [half], { to: { int: FLOAT32 } });
  };
  const linear = (x: string, name: string) => {
    const product = graph.apply('MatMul', [x, permute(weight(`${name}.weight`), 1, 0)]);
    return graph.apply('Add', [product, weight(`${name}.bias`)]);
  };
  const layerNorm = (x: string, name: string) =>
    graph.apply('LayerNormalization', [x, weight(`${name}.weight`), weight(`${name}.bias`)], {
      ...axis,
      epsilon: { float: LAYER_NORM_EPSILON },
    });

  const start = graph.integers(0);
  const tokens = graph.apply('Slice', [graph.apply('Shape', ['ids']), one, graph.integers(2)]);
  const embed = () => {
    const words = graph.apply('Gather', [weight('embeddings.word_embeddings.weight'), 'ids']);
    const positions = graph.apply('Slice', [weight('embeddings.position_embeddings.weight'), start, tokens]);
    // There is one sentence, so every token is of the first type.
    const type = graph.apply('Slice', [weight('embeddings.token_type_embeddings.weight'), start, one]);
    return layerNorm(graph.apply('Add', [words, graph.apply('Add', [positions, type])]), 'embeddings.LayerNorm');
  };

  const splitHeads = graph.integers(0, 0, HEADS, HEAD_COLUMNS);
  const joinHeads = graph.integers(0, 0, MINILM_COLUMNS);
  const scale = graph.number(1 / Math.sqrt(HEAD_COLUMNS));
  const attend = (x: string, name: string) => {
    const heads = (part: string) => graph.apply('Reshape', [linear(x, `${name}.self.${part}`), splitHeads]);
    const query = permute(heads('query'), 0, 2, 1, 3);
    const key = permute(heads('key'), 0, 2, 3, 1);
    const value = permute(heads('value'), 0, 2, 1, 3);
    const scores = graph.apply('Mul', [graph.apply('MatMul', [query, key]), scale]);
    const mixed = graph.apply('MatMul', [graph.apply('Softmax', [scores], axis), value]);
    return linear(graph.apply('Reshape', [permute(mixed, 0, 2, 1, 3), joinHeads]), `${name}.output.dense`);
  };

  const half = graph.number(0.5);
  const unit = graph.number(1);
  const rootOfTwo = graph.number(Math.SQRT2);
  /** x·Φ(x), exactly: the usual approximation by tanh would be another model. */
  const gelu = (x: string) => {
    const twicePhi = graph.apply('Add', [graph.apply('Erf', [graph.apply('Div', [x, rootOfTwo])]), unit]);
    return graph.apply('Mul', [graph.apply('Mul', [x, twicePhi]), half]);
  };

  let hidden = embed();
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const name = `encoder.layer.${layer}`;
    const attended = graph.apply('Add', [attend(hidden, `${name}.attention`), hidden]);
    hidden = layerNorm(attended, `${name}.attention.output.LayerNorm`);
    const fed = linear(gelu(linear(hidden, `${name}.intermediate.dense`)), `${name}.output.dense`);
    hidden = layerNorm(graph.apply('Add', [fed, hidden]), `${name}.output.LayerNorm`);
  }

  // The sum has the direction of the mean. As a product its bits are the same for any number of texts;
  // the runtime's ReduceMean adds in another order when there is only one.
  const ones = graph.apply('Expand', [unit, graph.apply('Concat', [one, tokens], { axis: { int: 0 } })]);
  const sums = graph.apply('Squeeze', [graph.apply('MatMul', [ones, hidden]), one]);
  const lengths = graph.apply('ReduceL2', [sums], { axes: { ints: [-1] }, keepdims: { int: 1 } });
  const vectors = graph.apply('Div', [sums, lengths]);
  return graph.build({
    name: 'all-MiniLM-L6-v2',
    operatorSet: 17,
    inputs: [{ name: 'ids', type: 'int32', dimensions: ['texts', 'tokens'] }],
    outputs: [{ name: vectors, type: 'float32', dimensions: ['texts', MINILM_COLUMNS] }],
  });
}
