import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pick } from '../../../src/index.ts';
import { rowOf } from '../../../src/math/embedding-matrix.ts';
import { OnnxGraphBuilder } from '../../../src/math/onnx-graph-builder.ts';
import { encodeOnnxModel, float32Initializer } from '../../../src/math/onnx-model.ts';
import { loadOnnxRuntime } from '../../../src/math/onnx-runtime.ts';
import { onnxEmbedder } from '../../../src/models/embedders/onnx-embedder.ts';
import { readSentenceTransformer } from '../../../src/models/embedders/sentence-transformer.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const runtimeMissing = (await loadOnnxRuntime()) === undefined;
const home = temporaryFolder();

const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'query', ':', 'red', 'green', 'blue', 'fox'];
const COLUMNS = 3;
/** The vector of a token. */
const tokenVector = (id: number) => [id, id * id, 10 - id];

/** A model whose token vectors are looked up in a table, with a tokenizer that knows ten words. */
function writeModel(name: string, files: Readonly<Record<string, unknown>> = {}): string {
  const folder = home.file(name);
  const graph = new OnnxGraphBuilder();
  const table = float32Initializer(
    '',
    [WORDS.length, COLUMNS],
    Float32Array.from(WORDS.keys(), (id) => id),
  );
  const weights = graph.constant({
    ...table,
    dimensions: [WORDS.length, COLUMNS],
    bytes: new Uint8Array(Float32Array.from([...WORDS.keys()].flatMap(tokenVector)).buffer),
  });
  const hidden = graph.apply('Gather', [weights, 'input_ids']);
  const input = (inputName: string) => ({ name: inputName, type: 'int64', dimensions: ['texts', 'tokens'] }) as const;
  const model = encodeOnnxModel(
    graph.build({
      name: 'test',
      operatorSet: 17,
      inputs: [input('input_ids'), input('attention_mask')],
      outputs: [{ name: hidden, type: 'float32', dimensions: ['texts', 'tokens', COLUMNS] }],
    }),
  );
  const tokenizer = {
    added_tokens: WORDS.slice(0, 4).map((content, id) => ({
      ...{ id, content, special: true, single_word: false, lstrip: false, rstrip: false, normalized: false },
    })),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
    },
  };
  for (const [path, content] of Object.entries({ 'model.onnx': model, 'tokenizer.json': tokenizer, ...files })) {
    if (content === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content instanceof Uint8Array ? content : JSON.stringify(content));
  }
  return folder;
}

const unit = (vector: readonly number[]) => vector.map((value) => value / Math.hypot(...vector));
const mean = (ids: readonly number[]) =>
  [0, 1, 2].map((column) => ids.reduce((sum, id) => sum + tokenVector(id)[column]!, 0) / ids.length);
const pooling = (mode: string) => ({ '1_Pooling/config.json': { [`pooling_mode_${mode}`]: true } });

async function vectorOf(folder: string, text: string): Promise<number[]> {
  const vectors = await onnxEmbedder(readSentenceTransformer(folder)).embed([text, 'red', text]);
  expect(rowOf(vectors, 2)).toEqual(rowOf(vectors, 0));
  return [...rowOf(vectors, 0)];
}

function expectVector(found: readonly number[], expected: readonly number[]) {
  for (const [column, value] of unit(expected).entries()) expect(found[column]).toBeCloseTo(value, 5);
}

describe.skipIf(runtimeMissing)('onnxEmbedder', () => {
  it.each([
    ['without a configuration', {}, mean([2, 6, 9, 3])],
    ['mean', pooling('mean_tokens'), mean([2, 6, 9, 3])],
    ['cls', pooling('cls_token'), tokenVector(2)],
    ['max', pooling('max_tokens'), [9, 81, 8]],
    ['last', pooling('lasttoken'), tokenVector(3)],
    ['last by name', { '1_Pooling/config.json': { pooling_mode: 'lasttoken' } }, tokenVector(3)],
  ])('pools by the configuration: %s', async (name, files, expected) => {
    expectVector(await vectorOf(writeModel(`pooling ${name}`, files), 'Red fox'), expected);
  });

  it.each([
    ['the default prompt', { prompts: { q: 'blue ', query: 'green ' }, default_prompt_name: 'q' }, {}, 8],
    ['the prompt for queries', { prompts: { query: 'green ' } }, {}, 7],
  ])('puts %s before texts', async (name, prompts, config, id) => {
    const folder = writeModel(name, { 'config_sentence_transformers.json': prompts, 'config.json': config });
    expectVector(await vectorOf(folder, 'fox'), mean([2, id, 9, 3]));
  });

  it('puts "query: " before texts for E5, which says so in its documentation only', async () => {
    const folder = writeModel('e5', { 'config.json': { _name_or_path: 'intfloat/multilingual-e5-small' } });
    expectVector(await vectorOf(folder, 'fox'), mean([2, 4, 5, 9, 3]));
  });

  it('cuts texts to the length of the model, the closing token kept', async () => {
    const folder = writeModel('short', { 'sentence_bert_config.json': { max_seq_length: 4 } });
    expectVector(await vectorOf(folder, 'red green blue fox'), mean([2, 6, 7, 3]));
  });

  it('applies a dense layer after pooling', async () => {
    const header = JSON.stringify({
      'linear.weight': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      'linear.bias': { dtype: 'F32', shape: [2], data_offsets: [24, 32] },
    });
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const numbers = Float32Array.from([0.01, 0, 0, 0, 0.001, 0, 0.5, -0.25]);
    const folder = writeModel('dense', {
      ...{ 'modules.json': [{ type: 'sentence_transformers.models.Dense', path: '2_Dense' }] },
      '2_Dense/config.json': { activation_function: 'torch.nn.modules.activation.Tanh' },
      '2_Dense/model.safetensors': Buffer.concat([length, Buffer.from(header), Buffer.from(numbers.buffer)]),
    });
    const [x, y] = mean([2, 9, 3]) as [number, number];
    const expected = unit([Math.tanh(0.01 * x + 0.5), Math.tanh(0.001 * y - 0.25)]);
    const found = await vectorOf(folder, 'fox');
    expect(found).toHaveLength(2);
    for (const [column, value] of expected.entries()) expect(found[column]).toBeCloseTo(value, 5);
  });

  it.each([
    ['has neither model.onnx', { 'model.onnx': undefined }],
    ['has no tokenizer.json', { 'tokenizer.json': undefined }],
    ['its pooling (weightedmean) is not supported', { '1_Pooling/config.json': { pooling_mode: 'weightedmean' } }],
    ['its pooling (pooling_mode_weightedmean_tokens) is not supported', pooling('weightedmean_tokens')],
    [
      'its layer sentence_transformers.models.CNN is not supported',
      { 'modules.json': [{ type: 'sentence_transformers.models.CNN', path: '1' }] },
    ],
  ])('refuses a folder and says why: %s', (why, files) => {
    expect(() => readSentenceTransformer(writeModel(`refused ${why.slice(-20).replaceAll('/', ' ')}`, files))).toThrow(
      why,
    );
  });

  it('names its vectors by the content of the model', () => {
    const spaceOf = (folder: string) => onnxEmbedder(readSentenceTransformer(folder)).space;
    const plain = spaceOf(writeModel('space one'));
    expect(spaceOf(writeModel('space two'))).toBe(plain);
    expect(spaceOf(writeModel('space three', pooling('cls_token')))).not.toBe(plain);
  });

  it('is picked by', async () => {
    const pool = ['red', 'green', 'blue fox', 'fox fox red'].map((instruction, at) => ({ id: `i${at}`, instruction }));
    const options = { pool, count: 2, strategy: 'k-center', state: ':memory:', cacheFolder: home.file('cache') };
    const { picks, summary } = await pick({ ...options, embedder: 'onnx', embeddingModel: writeModel('picked by') });
    expect(picks).toHaveLength(2);
    expect(summary.identity.embeddings).toMatch(/^onnx [0-9a-f]{16}$/);
    await expect(pick({ ...options, embedder: 'onnx' })).rejects.toThrow(/embeddingModel: a folder/);
  });
});
