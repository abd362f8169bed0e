import { type Command, Option } from 'commander';
import { EMBEDDERS, PROVIDERS } from '../../domain/providers.ts';
import { parsePrice } from '../../metering/prices.ts';
import type { PickOptions } from '../../pick/pick-options.ts';
import { STRATEGIES } from '../../strategies/registry.ts';
import type { StrategyOptions } from '../../strategies/strategy.ts';
import { decimal, dollars, whole } from './option-values.ts';

/** Option values as commander hands them over. */
export interface PickFlags {
  readonly count: number;
  readonly output?: string;
  readonly strategy: string;
  readonly seed: number;
  readonly dedupeThreshold?: number;
  readonly existing?: readonly string[];
  readonly provider?: PickOptions['provider'];
  readonly model?: string;
  readonly baseUrl?: string;
  readonly price?: PickOptions['price'];
  readonly contextTokens?: number;
  readonly reasoningTokens?: number;
  readonly prompts?: string;
  readonly embedder?: PickOptions['embedder'];
  readonly embeddingModel?: string;
  readonly embeddingBaseUrl?: string;
  readonly embeddingPrice?: PickOptions['price'];
  readonly embeddings?: string;
  readonly saveEmbeddings?: string;
  readonly instructionField?: string;
  readonly inputField?: string;
  readonly outputField?: string;
  readonly idField?: string;
  readonly skipBadLines?: boolean;
  readonly maxUsd?: number;
  readonly maxCalls?: number;
  readonly maxTokens?: number;
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly state?: string;
  readonly retryFailed?: boolean;
  readonly cacheDir?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly plan?: boolean;
  readonly [strategyOption: string]: unknown;
}

/** Options that belong to a strategy; they are passed on only when given. */
const STRATEGY_FLAGS = ['partition', 'perQuery', 'itemsPerQuery', 'itemTokens', 'votes'] as const;

/** Adds everything `pick` and `plan` have in common. */
export function addPickOptions(command: Command): Command {
  const strategies = STRATEGIES.map(({ name, summary }) => `${name} (${summary})`).join('; ');
  return command
    .argument('<pool...>', 'JSONL, JSON, CSV, TSV or Parquet files, each also .gz; - for JSONL on standard input')
    .requiredOption('-n, --count <n>', 'how many instructions to pick', whole(1))
    .option(
      '-o, --output <file>',
      'where to write them: .jsonl, .json, .csv, .tsv or .parquet (default: standard output, as JSONL)',
    )
    .optionsGroup('Choosing:')
    .option('--strategy <name>', strategies, 'selectllm')
    .option(
      '--partition <name>',
      'selectllm: how the pool is cut into queries: diverse, similar or random (default: diverse)',
    )
    .option('--per-query <m>', 'selectllm: picks per query (default: 4)', whole(1))
    .option('--items-per-query <k>', 'selectllm: candidates a query shows (default: 20)', whole(2))
    .option(
      '--item-tokens <n>',
      'selectllm: tokens a candidate may take before it is shortened (default: 400)',
      whole(32),
    )
    .option('--votes <v>', 'selectllm: ask v times in different orders and merge (default: 1)', whole(1))
    .option('--seed <n>', 'the same seed gives the same selection', whole(Number.MIN_SAFE_INTEGER), 0)
    .option('--existing <file...>', 'items labeled already: never picked, and centres for coverage')
    .option(
      '--dedupe-threshold <c>',
      'cosine from which two instructions count as one, 0 = off (default: 0.98)',
      decimal,
    )
    .optionsGroup('Who chooses:')
    .addOption(
      new Option('--provider <name>', 'the LLM that chooses (default: offline, a built-in stand-in)').choices(
        PROVIDERS,
      ),
    )
    .option('--model <name>', 'its model')
    .option('--base-url <url>', 'where it is served, e.g. http://localhost:8000/v1')
    .option('--price <in,out[,cached]>', 'USD per million tokens, for models the price table does not know', parsePrice)
    .option('--context-tokens <n>', 'tokens the model holds, for models the price table does not know', whole(1))
    .option(
      '--reasoning-tokens <n>',
      'output tokens to allow for thinking, for models the price table does not know',
      whole(0),
    )
    .option('--prompts <folder>', 'prompts of your own, by file name (select.md, repair.md)')
    .optionsGroup('Embedding:')
    .addOption(
      new Option('--embedder <name>', 'minilm runs here; openai is any /embeddings endpoint (default: minilm)').choices(
        EMBEDDERS,
      ),
    )
    .option('--embedding-model <name>', 'its model (default: text-embedding-3-small)')
    .option('--embedding-base-url <url>', 'where it is served, if not at OpenAI')
    .option(
      '--embedding-price <in,out>',
      'USD per million tokens, for models the price table does not know',
      parsePrice,
    )
    .option('--embeddings <file.npy>', 'vectors of your own, one row per record read')
    .option('--save-embeddings <file.npy>', 'write the vectors in that shape')
    .optionsGroup('Reading:')
    .option('--instruction-field <name>', 'default: instruction, prompt, question, query or text')
    .option('--input-field <name>', 'default: input or context')
    .option('--output-field <name>', 'default: output, response, completion or answer')
    .option('--id-field <name>', 'default: id, uid, uuid or external_id')
    .option('--skip-bad-lines', 'leave unreadable records out and report them')
    .optionsGroup('Budget (of the whole run, over every time it is taken up again):')
    .option('--max-usd <dollars>', 'spend no more than this, e.g. 2.50', dollars)
    .option('--max-calls <n>', 'make no more calls than this', whole(0))
    .option('--max-tokens <n>', 'use no more input and output tokens than this', whole(0))
    .option('--concurrency <n>', 'most calls at once (default: 8)', whole(1))
    .option('--timeout <seconds>', 'how long a call may take (default: 120)', whole(1))
    .optionsGroup('Running:')
    .option('--state <file.db>', "the run's SQLite file (default: .winnow/pick-….db, named after the run)")
    .option('--retry-failed', 'ask the queries anew that failed earlier')
    .option(
      '--cache-dir <folder>',
      'where vectors are kept between runs (default: $WINNOW_CACHE_DIR or the user cache)',
    )
    .option('--json', 'print the summary as JSON on standard output')
    .option('-v, --verbose', 'show stack traces');
}

/** @param environment where the keys are */
export function toPickOptions(pool: readonly string[], flags: PickFlags, environment: NodeJS.ProcessEnv): PickOptions {
  const strategyOptions = Object.fromEntries(
    STRATEGY_FLAGS.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]),
  ) as StrategyOptions;
  const fields = {
    instruction: flags.instructionField,
    input: flags.inputField,
    output: flags.outputField,
    id: flags.idField,
  };
  const cacheFolder = flags.cacheDir ?? environment.WINNOW_CACHE_DIR;
  return given({
    pool,
    count: flags.count,
    fields: given(fields),
    skipBadLines: flags.skipBadLines,
    existing: flags.existing,
    strategy: flags.strategy,
    strategyOptions,
    seed: flags.seed,
    dedupeThreshold: flags.dedupeThreshold,
    provider: flags.provider,
    model: flags.model,
    baseUrl: flags.baseUrl,
    ...apiKey(flags.provider, environment),
    price: flags.price,
    contextTokens: flags.contextTokens,
    reasoningTokens: flags.reasoningTokens,
    promptFolder: flags.prompts,
    embedder: flags.embedder,
    embeddingModel: flags.embeddingModel,
    embeddingBaseUrl: flags.embeddingBaseUrl,
    ...embeddingKey(flags.embeddingBaseUrl, environment),
    embeddingPrice: flags.embeddingPrice,
    embeddings: flags.embeddings,
    saveEmbeddings: flags.saveEmbeddings,
    maxMicroUsd: flags.maxUsd,
    maxCalls: flags.maxCalls,
    maxTokens: flags.maxTokens,
    concurrency: flags.concurrency,
    timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1000,
    state: flags.state,
    retryFailed: flags.retryFailed,
    cacheFolder,
  });
}

/** OpenAI's key goes to OpenAI; a server of the user's own gets its own key or none. */
function apiKey(provider: PickFlags['provider'], environment: NodeJS.ProcessEnv) {
  const keySource = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY', compatible: 'WINNOW_API_KEY' };
  if (provider === undefined || provider === 'offline') return {};
  return { apiKey: environment[keySource[provider]], keySource: keySource[provider] };
}

function embeddingKey(baseUrl: string | undefined, environment: NodeJS.ProcessEnv) {
  const embeddingKeySource = baseUrl === undefined ? 'OPENAI_API_KEY' : 'WINNOW_EMBEDDING_API_KEY';
  return { embeddingApiKey: environment[embeddingKeySource], embeddingKeySource };
}

type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
}
