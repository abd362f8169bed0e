import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../../domain/errors.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { ModelPrice } from '../../domain/usage.ts';
import { textFormatNames } from '../../labels/training/registry.ts';
import { parsePrice } from '../../models/metering/prices.ts';
import {
  DEFAULT_ARMS,
  DEFAULT_BUDGETS,
  DEFAULT_SEEDS,
  immediateTrainers,
  type SimulateOptions,
  type TrainerChoice,
} from '../../runs/simulate/simulate-options.ts';
import { METRICS, type Metric } from '../../runs/simulate/simulation-result.ts';
import { STRATEGIES } from '../../selection/strategies/registry.ts';
import { addEmbedderOptions, type EmbedderFlags, toEmbedderOptions } from './embedder-options.ts';
import { decimal, dollars, whole } from './option-values.ts';
import {
  addBudgetOptions,
  addLlmOptions,
  addReadingOptions,
  addRunningOptions,
  given,
  POOL_FILES,
  type RunFlags,
  toRunOptions,
} from './run-options.ts';

/** Option values as commander hands them over. */
export interface SimulateFlags extends RunFlags, EmbedderFlags {
  readonly strategies?: readonly string[];
  readonly budgets?: readonly number[];
  readonly seeds: number;
  readonly seed: number;
  readonly sample?: number;
  readonly heldOut?: number;
  readonly categoryField?: string;
  readonly dedupeThreshold?: number;
  readonly output?: string;
  readonly metric: Metric;
  /** One of `immediateTrainers`, or command. */
  readonly trainer: string;
  readonly trainCommand?: string;
  readonly trainFormat?: string;
  readonly trainMinutes?: number;
  readonly trainCost?: MicroUsd;
  readonly serveBaseUrl?: string;
  readonly servePrice?: ModelPrice;
  readonly serveContextTokens?: number;
}

export function addSimulateOptions(command: Command): Command {
  command
    .argument('<labeled...>', `instructions with their responses: ${POOL_FILES}`)
    .option(
      '-o, --output <folder>',
      'folder for result.json, cells.csv, summary.csv and curves.svg; created if it does not exist',
    )
    .addOption(new Option('--metric <name>', 'metric to show by budget').choices(METRICS).default('rougeL'))
    .optionsGroup('What is compared:')
    .option(
      '--strategies <a,b,…>',
      `${STRATEGIES.names.join(', ')}; options follow after colons, as in car:per-cluster=2 (default: ${DEFAULT_ARMS.join(',')})`,
      listOf((name) => name),
    )
    .option('--budgets <a,b,…>', `numbers of labels (default: ${DEFAULT_BUDGETS.join(',')})`, listOf(whole(1)))
    .option('--seeds <n>', 'number of repetitions, each with its own split', whole(1), DEFAULT_SEEDS.length)
    .option('--seed <first>', 'the first seed; the others follow it', whole(Number.MIN_SAFE_INTEGER), 0)
    .option('--sample <n>', 'maximum pool size; 0 = everything that is not held out (default: 5000)', whole(0))
    .option('--held-out <n>', 'instructions to test the models on, at most a fifth of all (default: 500)', whole(1))
    .option(
      '--category-field <name>',
      'field with the category (default: category, template, task, task_name, topic, domain or skill)',
    )
    .option(
      '--dedupe-threshold <c>',
      'cosine from which two instructions count as one, 0 = off (default: 0.98)',
      decimal,
    )
    .optionsGroup('Training:')
    .addOption(
      new Option(
        '--trainer <kind>',
        'retrieval: answers with the label that similar instructions agree on; nearest-neighbour: with the nearest label; command: your own training command',
      )
        .choices([...immediateTrainers(), 'command'])
        .default('retrieval'),
    )
    .option('--train-command <line>', 'command: your training command; runs once for every cell')
    .addOption(
      new Option('--train-format <name>', 'command: format of the training file (default: alpaca)').choices(
        textFormatNames(),
      ),
    )
    .option('--train-minutes <n>', 'command: time limit of one training (default: 1440)', decimal)
    .option('--train-cost <dollars>', 'command: maximum cost of one training; required with --max-usd', dollars)
    .option('--serve-base-url <url>', 'command: where the model is served, if the command does not say')
    .option('--serve-price <in,out>', 'command: USD per million tokens of the served model (default: 0,0)', parsePrice)
    .option(
      '--serve-context-tokens <n>',
      'command: context length of the served model in tokens (default: 4096)',
      whole(1),
    );
  addLlmOptions(command.optionsGroup('LLM, for strategies that use one:'), {
    does: 'chooses and judges',
    prompts: 'select.md, judge-accuracy.md, …',
  });
  addEmbedderOptions(command);
  addReadingOptions(command);
  addBudgetOptions(command);
  return addRunningOptions(command, { name: 'simulate', retry: 'retry earlier requests that got no usable reply' })
    .option('--plan', 'show the plan and its cost, then stop')
    .option('-y, --yes', 'accept the cost without asking');
}

/**
 * @param environment where the keys are; the training command gets all of it
 * @throws UsageError for trainer options that contradict or need each other
 */
export function toSimulateOptions(
  labeled: readonly string[],
  flags: SimulateFlags,
  environment: NodeJS.ProcessEnv,
): SimulateOptions {
  return given({
    ...toRunOptions(flags, environment),
    ...toEmbedderOptions(flags, environment),
    labeled,
    strategies: flags.strategies,
    budgets: flags.budgets,
    seeds: Array.from({ length: flags.seeds }, (_, index) => flags.seed + index),
    heldOut: flags.heldOut,
    sample: flags.sample,
    categoryField: flags.categoryField,
    dedupeThreshold: flags.dedupeThreshold,
    trainer: trainerChoice(flags, environment),
    environment,
  });
}

function trainerChoice(flags: SimulateFlags, environment: NodeJS.ProcessEnv): TrainerChoice {
  const { trainer: kind, trainCommand: command } = flags;
  const details = {
    format: flags.trainFormat,
    timeLimitMinutes: flags.trainMinutes,
    worstCaseMicroUsd: flags.trainCost,
    baseUrl: flags.serveBaseUrl,
    price: flags.servePrice,
    contextTokens: flags.serveContextTokens,
  };
  if (kind === 'command') {
    if (command === undefined) throw new UsageError('--trainer command needs --train-command.');
    return { kind, command, ...given({ ...details, apiKey: environment.WINNOW_MODEL_API_KEY }) };
  }
  const idle = Object.entries({
    '--train-command': command,
    '--train-format': details.format,
    '--train-minutes': details.timeLimitMinutes,
    '--train-cost': details.worstCaseMicroUsd,
    '--serve-base-url': details.baseUrl,
    '--serve-price': details.price,
    '--serve-context-tokens': details.contextTokens,
  }).find(([, value]) => value !== undefined);
  if (idle)
    throw new UsageError(`${idle[0]} does nothing for the trainer ${kind}.`, 'Add --trainer command, or leave it out.');
  return { kind };
}

/** @returns a reader of values with commas between them */
function listOf<Value>(read: (text: string) => Value): (text: string) => Value[] {
  return (text) => {
    const parts = text.split(',').map((part) => part.trim());
    if (parts.includes('')) throw new InvalidArgumentError('It must be values separated by commas.');
    return parts.map(read);
  };
}
