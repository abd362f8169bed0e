import { usdNumber } from '../../domain/money.ts';
import { librarySpelling, type ReferenceValue, type Spelling } from '../../domain/wording.ts';

/** Options of the campaign's commands: flags there too. */
const COMMAND_OPTIONS: ReadonlySet<string> = new Set([
  ...['allowHost', 'annotator', 'folder', 'force', 'from', 'goOn', 'host', 'json', 'output', 'port', 'pull', 'push'],
  ...['retryFailed', 'round', 'state', 'to', 'training', 'wait', 'yes'],
]);

/** Options that are keys of winnow.yaml. */
const KEYS: Readonly<Record<string, string>> = {
  pool: 'pool.files',
  'fields.instruction': 'pool.fields.instruction',
  'fields.input': 'pool.fields.input',
  'fields.output': 'pool.fields.output',
  'fields.id': 'pool.fields.id',
  turns: 'pool.turns',
  encoding: 'pool.encoding',
  textItems: 'pool.textItems',
  roles: 'pool.roles',
  severalPerConversation: 'pool.severalPerConversation',
  skipBadLines: 'pool.skipBadLines',
  dedupeThreshold: 'pool.dedupeThreshold',
  exclude: 'pool.exclude',
  excludeIds: 'pool.excludeIds',
  embedder: 'embedder.kind',
  embeddingModel: 'embedder.model',
  embeddingBaseUrl: 'embedder.baseUrl',
  embeddingPrice: 'embedder.price',
  embeddingLongTexts: 'embedder.longTexts',
  promptFolder: 'requests.prompts',
  engine: 'engine',
  engineFolder: 'engineFolder',
  concurrency: 'requests.concurrency',
  timeoutMs: 'requests.timeoutSeconds',
};

/** Keys of every section that names a model. */
const MODEL_KEYS = ['provider', 'model', 'baseUrl', 'price', 'pricedAs', 'contextTokens', 'reasoningTokens', 'batch'];
const MODEL_SECTIONS = ['llm', 'judge', 'trainer'];

/**
 * Spells options as keys of winnow.yaml: `pool.dedupeThreshold: 0.9`.
 * @param section of winnow.yaml that the text is about, which tells keys of one name apart
 * @param others spells commands and what is no key
 */
export function keySpelling(section?: string, others: Spelling = librarySpelling): Spelling {
  return (reference) => {
    const key = reference.kind === 'option' ? keyOf(reference.name, section) : undefined;
    if (key === undefined) return others(reference);
    return reference.value === undefined ? key : `${key}: ${yamlValue(reference.value)}`;
  };
}

function keyOf(name: string, section: string | undefined): string | undefined {
  if (COMMAND_OPTIONS.has(name)) return undefined;
  if (MODEL_KEYS.includes(name)) return `${MODEL_SECTIONS.find((one) => one === section) ?? 'llm'}.${name}`;
  const round = section?.startsWith('rounds.') ? section : 'rounds.seed';
  // What is left are options of strategies.
  return KEYS[name] ?? (name === 'count' ? `${round}.count` : `${round}.options.${name}`);
}

function yamlValue(value: ReferenceValue): string {
  if (typeof value !== 'object') return String(value);
  return `{ input: ${usdNumber(value.input)}, output: ${usdNumber(value.output)} }`;
}
