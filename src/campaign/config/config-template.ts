import { stringify } from 'yaml';
import { type MicroUsd, usdNumber } from '../../domain/money.ts';
import type { ModelPrice } from '../../domain/usage.ts';
import { BRIDGES } from '../../labels/registry.ts';
import { defaultStrategy, STRATEGIES } from '../../selection/strategies/registry.ts';

/**
 * `selectllm`: an LLM chooses the seed round, later rounds cover the pool. `mods`: a quality filter, a k-center seed round,
 * then the failures by k-center. Without an LLM, both begin with facility location.
 */
export const PRESETS = ['selectllm', 'mods'] as const;

/** What `winnow init` asks. */
export interface TemplateAnswers {
  readonly preset: (typeof PRESETS)[number];
  /** Paths of pool files, at least one. */
  readonly pool: readonly string[];
  /** Default `offline`. */
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  /** Of models the price table does not know. */
  readonly price?: ModelPrice | undefined;
  /** How many instructions people label in all. Default 500. */
  readonly labels?: number | undefined;
  /** The cap on everything. Default $10. */
  readonly totalMicroUsd?: MicroUsd | undefined;
  readonly trainer?: TrainerAnswer | undefined;
}

export type TrainerAnswer =
  | { readonly kind: 'retrieval' | 'nearest-neighbour' }
  | { readonly kind: 'command'; readonly command: string; readonly worstCaseMicroUsd: MicroUsd }
  | {
      readonly kind: 'openai';
      readonly model: string;
      /** Per million training tokens. */
      readonly trainingMicroUsd: MicroUsd;
      readonly price: ModelPrice;
    };

/** The name of the file with configJsonSchema() that `init` writes beside winnow.yaml. */
export const SCHEMA_FILE = 'winnow.schema.json';

const DEFAULT_LABELS = 500;
const DEFAULT_TOTAL_MICRO_USD = 10_000_000;
const MOST_PER_ROUND = 100;
/** Characters of strategy names in a line of comments. */
const WIDEST_NAMES = 100;
/** So that there is something to learn between the rounds. */
const ROUNDS_OF_LABELS = 5;

/**
 * A commented winnow.yaml that parseConfig reads as what was asked. Lines that begin with `#` and a key are
 * alternatives: each block of them, uncommented in place of its neighbours of the same name, is valid too.
 */
export function configTemplate(answers: TemplateAnswers): string {
  const labels = answers.labels ?? DEFAULT_LABELS;
  const perRound = Math.max(1, Math.min(MOST_PER_ROUND, Math.ceil(labels / ROUNDS_OF_LABELS)));
  return `# yaml-language-server: $schema=./${SCHEMA_FILE}
# A winnow campaign: choose, label, train, find the failures, choose again. \`winnow next\` does one step of it.
# Lines with "#" right before a key are alternatives: remove the "#", and delete the lines that they replace.
# Keys of providers and tools come from the environment (OPENAI_API_KEY, ...), never from this file.

version: 1
seed: 0   # the same seed, pool and replies give the same campaign

# What people may be asked to answer: JSONL, JSON, CSV, TSV or Parquet. More files can be added between rounds.
pool:
  files:
${answers.pool.map((file) => `    - ${scalar(file)}`).join('\n')}
  dedupeThreshold: 0.98   # cosine from which two instructions count as one; 0 = off
  # Field names, if they are not detected:
  #fields: { instruction: question, input: context, output: answer }
  #turns: each   # of conversations: each user turn is an item, with its history; by default only the last turn
  #roles: { tutor: assistant }   # names of roles that are not known

# Turns texts into vectors, so that choices cover the pool.
embedder:
  kind: minilm   # runs on this machine, free
  # OpenAI, or any server with /embeddings (set baseUrl):
  #kind: openai
  #model: text-embedding-3-small

# The LLM that chooses.
llm:
${modelLines(answers)}

# The LLM that judges instructions and answers; by default the LLM that chooses.
#judge:
#  provider: anthropic
#  model: claude-haiku-4-5

# Caps of the whole campaign. No step starts that could exceed one. More caps: llmUsd, trainingUsd, labelUsd.
budget:
  labels: ${labels}   # total number of instructions to label
  totalUsd: ${dollars(answers.totalMicroUsd ?? DEFAULT_TOTAL_MICRO_USD)}
  #llmUsd: 5.00

# How people label. Tools: ${BRIDGES.names.join(', ')}.
labels:
  tool: jsonl
  #test: 50   # labels of the test set, drawn at random, never trained on; by default 10 % of budget.labels, 30 to 200
  #perLabelUsd: 0.50   # cost of one response; or perMinuteUsd, to pay for the time
  #tool: label-studio   # push and pull over HTTP instead of using files
  #url: http://localhost:8080
  #project: winnow

${qualityLines(answers.preset)}

rounds:
  most: 10   # including the seed round
  # The first round, chosen before there is a model.
  seed:
${seedLines(answers, perRound)}
  # Later rounds, chosen once there is a seed model.
  necessity:
    count: ${perRound}
    evaluate: 500   # maximum instructions the seed model answers per round; they cover the rest of the pool
    threshold: 6   # 1-10; a response with a lower score is a failure
${necessityLines(answers.preset)}

# Trains the seed model on the labels so far.
trainer:
${trainerLines(answers.trainer ?? { kind: 'retrieval' })}

# Rules that end the campaign before the budget is used up.
stop:
  failureRateBelow: 0.05   # share of the evaluated instructions
  noImprovementRounds: 3   # rounds without a better held-out score
  # Distance from the farthest instruction to a labeled one:
  #coverageRadiusBelow: 0.8
`;
}

function modelLines({ provider = 'offline', model, baseUrl, price }: TemplateAnswers): string {
  const chosen = [
    `provider: ${provider}${provider === 'offline' ? '   # a built-in stand-in: free, but understands nothing' : ''}`,
    ...(model === undefined ? [] : [`model: ${scalar(model)}`]),
    ...(baseUrl === undefined ? [] : [`baseUrl: ${scalar(baseUrl)}`]),
    ...(price === undefined ? [] : [`price: ${priceText(price)}   # US dollars per million tokens`]),
  ];
  const others = [
    '# OpenAI or, in the same way, anthropic:',
    '#provider: openai',
    '#model: gpt-4o-mini',
    "# Your own server with OpenAI's API, and its price in US dollars per million tokens:",
    '#provider: compatible',
    '#model: qwen2.5-72b-instruct',
    '#baseUrl: http://localhost:8000/v1',
    '#price: { input: 0, output: 0 }',
  ];
  return indented(2, [...chosen, ...others]);
}

function qualityLines(preset: TemplateAnswers['preset']): string {
  const why =
    '# Judge every instruction first (0-5) and leave the bad ones out. The LLM is asked once per instruction.';
  return preset === 'mods' ? `${why}\nquality:\n  threshold: 2.5` : `${why}\n#quality:\n#  threshold: 2.5`;
}

function seedLines({ preset, provider = 'offline' }: TemplateAnswers, count: number): string {
  const hasLlm = provider !== 'offline';
  const strategy = hasLlm && preset === 'mods' ? 'k-center' : defaultStrategy(hasLlm);
  const others = STRATEGIES.names.filter((name) => name !== strategy);
  return indented(4, [
    `strategy: ${strategy}   # or:`,
    ...wrapped(others, WIDEST_NAMES),
    `count: ${count}`,
    ...(strategy === 'selectllm'
      ? [
          '# How selectllm asks:',
          SELECT_LLM_OPTIONS,
          '# Cover the pool without an LLM:',
          '#strategy: facility-location',
        ]
      : ['# Have an LLM choose (name it in llm):', '#strategy: selectllm', SELECT_LLM_OPTIONS]),
  ]);
}

const SELECT_LLM_OPTIONS = '#options: { partition: diverse, perQuery: 4, itemsPerQuery: 20, votes: 1 }';

/** Names in lines of comments of at most so many characters. */
function wrapped(names: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && `${last}, ${name}`.length <= width) lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(name);
  }
  return lines
    .join(',\n')
    .split('\n')
    .map((line) => `# ${line}`);
}

function necessityLines(preset: TemplateAnswers['preset']): string {
  return preset === 'mods'
    ? indented(4, [
        'select: mods   # what the model fails at, by k-center, as in the MoDS paper',
        '# Cover all that is unlabeled; failures count up to 1 + failureWeight times as much:',
        '#select: pool',
        '#failureWeight: 3',
        '# Or let the LLM choose among the failures:',
        '#select: selectllm',
      ])
    : indented(4, [
        'select: pool   # cover all that is unlabeled',
        '# The same, but the worst failure counts four times as much as what passed:',
        '#failureWeight: 3',
        '# Only what the model fails at: as in the MoDS paper, by facility location (cover) or chosen by the LLM (selectllm):',
        '#select: mods',
      ]);
}

function trainerLines(trainer: TrainerAnswer): string {
  const others = [
    '# Your own training command; the README describes its input and output:',
    '#kind: command',
    '#command: ./train.sh',
    '#worstCaseUsd: 0   # the most that one training can cost',
    '# OpenAI fine-tuning, with its prices in US dollars per million tokens:',
    '#kind: openai',
    '#model: gpt-4o-mini-2024-07-18',
    '#trainingPrice: 3.00',
    '#price: { input: 0.30, output: 1.20 }',
  ];
  switch (trainer.kind) {
    case 'retrieval':
      return indented(2, [
        'kind: retrieval   # answers with the label that similar instructions agree on: weak, free, immediate',
        '# Answers with the nearest label:',
        '#kind: nearest-neighbour',
        ...others,
      ]);
    case 'nearest-neighbour':
      return indented(2, [
        'kind: nearest-neighbour   # answers with the nearest label: weak, free, immediate',
        ...others,
      ]);
    case 'command':
      return indented(2, [
        'kind: command',
        `command: ${scalar(trainer.command)}`,
        `worstCaseUsd: ${dollars(trainer.worstCaseMicroUsd)}   # the most that one training can cost`,
        ...others,
      ]);
    case 'openai':
      return indented(2, [
        'kind: openai',
        `model: ${scalar(trainer.model)}`,
        `trainingPrice: ${dollars(trainer.trainingMicroUsd)}   # US dollars per million tokens`,
        `price: ${priceText(trainer.price)}`,
        ...others,
      ]);
  }
}

function indented(spaces: number, lines: readonly string[]): string {
  return lines.map((line) => `${' '.repeat(spaces)}${line}`).join('\n');
}

function priceText({ input, output, cachedInput }: ModelPrice): string {
  const cached = cachedInput === input ? '' : `, cachedInput: ${dollars(cachedInput)}`;
  return `{ input: ${dollars(input)}, output: ${dollars(output)}${cached} }`;
}

/** As few decimals as the amount has, but two of them, as people write money. */
function dollars(amount: MicroUsd): string {
  const [whole, fraction = ''] = String(usdNumber(amount)).split('.');
  return fraction === '' ? whole! : `${whole}.${fraction.padEnd(2, '0')}`;
}

/** A text on one line, quoted where YAML needs it. */
function scalar(text: string): string {
  // The parser trims more kinds of space than the writer quotes, such as a no-break space.
  const defaultStringType = text === text.trim() ? 'PLAIN' : 'QUOTE_DOUBLE';
  return stringify(text, { lineWidth: 0, blockQuote: false, version: '1.2', defaultStringType }).trimEnd();
}
