import { BRIDGES } from '../../labels/registry.ts';
import type { TemplateAnswers } from './template-answers.ts';
import { modelLines, necessityLines, qualityLines, seedLines, trainerLines } from './template-blocks.ts';
import { dollars, scalar } from './template-text.ts';

/** The name of the file with configJsonSchema() that `init` writes beside winnow.yaml. */
export const SCHEMA_FILE = 'winnow.schema.json';

const DEFAULT_LABELS = 500;
const DEFAULT_TOTAL_MICRO_USD = 10_000_000;
const MOST_PER_ROUND = 100;
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
${pluginLines(answers.plugins ?? [])}
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

function pluginLines(plugins: readonly string[]): string {
  if (plugins.length === 0) return '';
  return `
# Modules with strategies, providers, trainers and more of your own.
plugins:
${plugins.map((plugin) => `  - ${scalar(plugin)}`).join('\n')}
`;
}
