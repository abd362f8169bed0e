import { createHash, type Hash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EmbeddingError } from '../../domain/errors.ts';
import { parseForeignJson } from '../../domain/foreign-json.ts';

/** How token vectors become the vector of a text. */
export type Pooling = 'mean' | 'cls' | 'max' | 'last';

/** A sentence-transformers folder: what its files say about how texts become vectors. */
export interface SentenceTransformer {
  readonly folder: string;
  readonly modelPath: string;
  /** The content of tokenizer.json. */
  readonly tokenizer: object;
  readonly pooling: Pooling;
  /** Put before every text. */
  readonly prefix: string;
  /** Tokens the model takes, the special ones among them. */
  readonly maxTokens: number;
  /** A layer after pooling, as LaBSE has one: the folder with its weights. */
  readonly dense?: { readonly weightsPath: string; readonly activation: 'tanh' | 'identity' };
}

const MODEL_FILES = ['model.onnx', 'onnx/model.onnx', 'onnx/model_fp16.onnx', 'onnx/model_quantized.onnx'];
const USUAL_MAX_TOKENS = 512;
const MOST_TOKENS = 8_192;
const CHUNK_BYTES = 2 ** 22;
const POOLING_MODES: Readonly<Record<string, Pooling | 'other'>> = {
  pooling_mode_cls_token: 'cls',
  pooling_mode_mean_tokens: 'mean',
  // The direction of a mean does not depend on what it is divided by.
  pooling_mode_mean_sqrt_len_tokens: 'mean',
  pooling_mode_max_tokens: 'max',
  pooling_mode_lasttoken: 'last',
  pooling_mode_weightedmean_tokens: 'other',
};
const NAMED_MODES: Readonly<Record<string, Pooling>> = {
  cls: 'cls',
  mean: 'mean',
  mean_sqrt_len_tokens: 'mean',
  max: 'max',
  lasttoken: 'last',
};
const ACTIVATIONS: Readonly<Record<string, 'tanh' | 'identity'>> = {
  'torch.nn.modules.activation.Tanh': 'tanh',
  'torch.nn.modules.linear.Identity': 'identity',
};

const positive = z.number().positive().optional().catch(undefined);
const modulesSchema = z.array(z.looseObject({ type: z.string(), path: z.string() }));
const poolingSchema = z.looseObject({ pooling_mode: z.string().optional() });
const denseSchema = z.looseObject({ activation_function: z.string() });
const configSchema = z.looseObject({ _name_or_path: z.string().optional().catch(undefined) });
const lengthSchema = z.looseObject({ max_seq_length: positive, model_max_length: positive });
const promptsSchema = z.looseObject({
  prompts: z.record(z.string(), z.string()).optional(),
  default_prompt_name: z.string().nullable().optional(),
});

/**
 * Reads a folder as sentence-transformers saves it, exported to ONNX: tokenizer.json and model.onnx (or onnx/model.onnx),
 * with pooling, prefix and length by its configuration files. Where those are missing: mean pooling, no prefix, 512 tokens.
 *
 * The prefix is the default prompt, or else the one for queries. The E5 models say theirs in their documentation only; a
 * model whose configuration names E5 gets "query: ".
 * @throws EmbeddingError where a file is missing or the model needs something that is not supported
 */
export function readSentenceTransformer(folder: string): SentenceTransformer {
  const modelPath = MODEL_FILES.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (modelPath === undefined) throw unusable(folder, 'it has neither model.onnx nor onnx/model.onnx');
  const tokenizer = readJson(folder, 'tokenizer.json', z.looseObject({}));
  if (tokenizer === undefined) throw unusable(folder, 'it has no tokenizer.json');
  const modules = readJson(folder, 'modules.json', modulesSchema) ?? [];
  const part = (name: string) => modules.find(({ type }) => type.endsWith(`.${name}`))?.path;
  const unknown = modules.find(({ type }) => !/\.(Transformer|Pooling|Dense|Normalize)$/.test(type));
  if (unknown) throw unusable(folder, `its layer ${unknown.type} is not supported`);
  const densePath = part('Dense');
  return {
    folder,
    modelPath,
    tokenizer,
    pooling: poolingOf(folder, part('Pooling') ?? '1_Pooling'),
    prefix: prefixOf(folder),
    maxTokens: maxTokensOf(folder),
    ...(densePath === undefined ? {} : { dense: denseOf(folder, densePath) }),
  };
}

/** Names the model by its content, so that vectors of two models are never compared: 16 hex digits. */
export function sentenceTransformerHash({ folder, modelPath, dense, ...settings }: SentenceTransformer): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  const external = `${modelPath}_data`;
  for (const path of [modelPath, external, ...(dense ? [dense.weightsPath] : [])]) {
    if (existsSync(path)) hashContent(hash, path);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Read in parts, because models have gigabytes. */
function hashContent(hash: Hash, path: string): void {
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(1, statSync(path).size)));
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(file);
  }
}

function poolingOf(folder: string, path: string): Pooling {
  const config = readJson(folder, join(path, 'config.json'), poolingSchema);
  if (config === undefined) return 'mean';
  // Some versions name the mode instead of setting its flag.
  const named = config.pooling_mode === undefined ? undefined : NAMED_MODES[config.pooling_mode];
  if (named !== undefined) return named;
  const flags = Object.keys(POOLING_MODES);
  if (config.pooling_mode === undefined && !flags.some((mode) => mode in config)) return 'mean';
  const set = config.pooling_mode === undefined ? flags.filter((mode) => config[mode] === true) : [config.pooling_mode];
  const modes = new Set(set.map((mode) => POOLING_MODES[mode]!));
  const [mode = 'other'] = modes;
  if (modes.size === 1 && mode !== 'other') return mode;
  throw unusable(folder, `its pooling (${set.join(' and ') || 'none'}) is not supported`);
}

function prefixOf(folder: string): string {
  const { prompts = {}, default_prompt_name: name } =
    readJson(folder, 'config_sentence_transformers.json', promptsSchema) ?? {};
  const prompt = name ? prompts[name] : prompts.query;
  if (prompt !== undefined) return prompt;
  const model = readJson(folder, 'config.json', configSchema)?._name_or_path ?? '';
  return /(?:^|[/-])e5-(?:small|base|large)/.test(model) ? 'query: ' : '';
}

function maxTokensOf(folder: string): number {
  const own = readJson(folder, 'sentence_bert_config.json', lengthSchema)?.max_seq_length;
  const most = own ?? readJson(folder, 'tokenizer_config.json', lengthSchema)?.model_max_length ?? USUAL_MAX_TOKENS;
  // Tokenizers without a limit say 1e30.
  return most > 1e9 ? USUAL_MAX_TOKENS : Math.min(most, MOST_TOKENS);
}

function denseOf(folder: string, path: string): NonNullable<SentenceTransformer['dense']> {
  const { activation_function: name } = readJson(folder, join(path, 'config.json'), denseSchema) ?? {
    activation_function: 'none',
  };
  const activation = ACTIVATIONS[name];
  if (activation === undefined) throw unusable(folder, `the activation ${name} of ${path} is not supported`);
  const weightsPath = join(folder, path, 'model.safetensors');
  if (!existsSync(weightsPath)) throw unusable(folder, `${path} has no model.safetensors`);
  return { weightsPath, activation };
}

function readJson<T>(folder: string, name: string, schema: z.ZodType<T>): T | undefined {
  const path = join(folder, name);
  if (!existsSync(path)) return undefined;
  try {
    return schema.parse(parseForeignJson(readFileSync(path, 'utf8')));
  } catch (error) {
    throw unusable(folder, `${name} cannot be read`, error);
  }
}

function unusable(folder: string, why: string, cause?: unknown): EmbeddingError {
  return new EmbeddingError(`${folder} cannot be used as an embedder: ${why}.`, {
    hint: 'Give a folder of a sentence-transformers model with its ONNX export: tokenizer.json, model.onnx and the configuration files.',
    data: { file: folder },
    cause,
  });
}
