import { UsageError } from '../../domain/errors.ts';
import type { MicroUsd } from '../../domain/money.ts';
import { FREE, type ModelPrice } from '../../domain/usage.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { PoolInput } from '../../records/pool-source.ts';
import { TRAINERS } from '../../trainers/registry.ts';
import { EMBEDDER_OPTIONS, type EmbedderOptions, normalizeEmbedderOptions } from '../embedder-options.ts';
import { checkAddress, checkKey, checkNames, checkProvider, checkWhole } from '../option-checks.ts';
import { normalizeRunOptions, RUN_OPTIONS, type RunOptions, type RunSettings } from '../run-options.ts';
import { type ParsedArm, parseArms } from './parse-arm.ts';
import type { SimulationPlan } from './simulation-plan.ts';

/** A training of the user's own, once for every cell. */
export interface CommandTrainerChoice {
  readonly kind: 'command';
  /** A shell command; what it gets and must print is what a campaign's trainer does. Its held-out file is empty. */
  readonly command: string;
  /** Of the training file. Default `alpaca`. */
  readonly format?: string;
  /** How long one training may take. Default 1,440. */
  readonly timeLimitMinutes?: number;
  /** What one training costs at most. Required with `maxMicroUsd`. */
  readonly worstCaseMicroUsd?: MicroUsd;
  /** Where the model is served, if the command does not say. */
  readonly baseUrl?: string;
  /** Of asking the model. Default: nothing. */
  readonly price?: ModelPrice;
  /** Tokens the model holds. Default 4,096. */
  readonly contextTokens?: number;
  /** Most tokens of one answer. Default 512. */
  readonly maxOutputTokens?: number;
  /** Default 0. */
  readonly temperature?: number;
  /** The key of the model's server. */
  readonly apiKey?: string;
}

/** The trainers that train nothing and answer with labels, free and at once: those of winnow and of plugins. */
export function immediateTrainers(): string[] {
  return [...TRAINERS].filter(({ isImmediate }) => isImmediate === true).map(({ name }) => name);
}

/** The model that is trained on what a strategy chose and answers the held-out instructions. */
export type TrainerChoice = ImmediateTrainerChoice | CommandTrainerChoice;

/** A trainer that answers with labels, at once. */
export interface ImmediateTrainerChoice {
  /** One of `immediateTrainers`. */
  readonly kind: string;
  /** As `trainer` in winnow.yaml has them. Default: those of the trainer. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Options of `simulate`. Only `labeled` is required. */
export interface SimulateOptions extends Omit<RunOptions, 'pool'>, EmbedderOptions {
  /** Files with instructions and responses (JSONL, JSON, CSV, TSV, Parquet, each also gzipped), `-` for JSONL on `stdin`. */
  readonly labeled: PoolInput;
  /**
   * The arms: names of strategies, each with options of its own after colons, as in `car:perCluster=2:judge=expert`.
   * Default: random, k-means, k-center, facility-location, selectllm.
   */
  readonly strategies?: readonly string[];
  /** How many labels, ascending in the result. Default 50, 100, 200, 400. */
  readonly budgets?: readonly number[];
  /** Whole numbers; every seed has a split of its own, the same for all arms. Default 0 to 4. */
  readonly seeds?: readonly number[];
  /** Instructions held out to answer, at most a fifth of all. Default 500. */
  readonly heldOut?: number;
  /** Most instructions in the pool, drawn again for each seed; 0 = all that are not held out. Default 5,000. */
  readonly sample?: number;
  /** The record field that names the category. Default: category, template, task, task_name, topic, domain or skill. */
  readonly categoryField?: string;
  /** Cosine similarity from which two instructions count as one, (0, 1]; 0 = off. Default 0.98. */
  readonly dedupeThreshold?: number;
  /** Default: `retrieval` answers, see the trainer of that name. */
  readonly trainer?: TrainerChoice;

  /** Called once, before the first call that costs money; false ends the run. If absent, no consent is asked for. */
  readonly confirm?: (plan: SimulationPlan) => Promise<boolean>;
  /** Gets a line from time to time during trainings: "attempt 1 of the training: running, 3 min". */
  readonly onNote?: ((note: string) => void) | undefined;
  /** Environment of the training command, beside its own variables. Default: empty. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export const DEFAULT_ARMS = ['random', 'k-means', 'k-center', 'facility-location', 'selectllm'] as const;
export const DEFAULT_BUDGETS = [50, 100, 200, 400] as const;
export const DEFAULT_SEEDS = [0, 1, 2, 3, 4] as const;

/** A trainer with all defaults filled in. */
export type Training = ImmediateTraining | CommandTraining;

export type ImmediateTraining = Required<ImmediateTrainerChoice>;

export type CommandTraining = Required<Omit<CommandTrainerChoice, 'baseUrl' | 'apiKey'>> &
  Pick<CommandTrainerChoice, 'baseUrl' | 'apiKey'>;

/** Whether a trainer is a command, so that trainings take time and may cost money. */
export function isCommand<T extends CommandTrainerChoice>(trainer: { readonly kind: string } | T): trainer is T {
  return trainer.kind === 'command';
}

export interface SimulateSettings extends RunSettings, Pick<SimulateOptions, 'categoryField' | 'confirm' | 'onNote'> {
  readonly arms: readonly ParsedArm[];
  /** Ascending. */
  readonly budgets: readonly number[];
  readonly seeds: readonly number[];
  readonly heldOut: number;
  readonly sample: number;
  readonly dedupeThreshold: number;
  readonly trainer: Training;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const SIMULATE_OPTIONS: Readonly<Record<keyof SimulateOptions, true>> = {
  ...RUN_OPTIONS,
  ...EMBEDDER_OPTIONS,
  ...{ labeled: true, strategies: true, budgets: true, seeds: true, heldOut: true, sample: true },
  ...{ categoryField: true, dedupeThreshold: true, trainer: true, confirm: true, environment: true },
};

/**
 * Fills in defaults and checks values.
 * @throws UsageError
 */
export function normalizeSimulateOptions({ labeled, strategies, ...options }: SimulateOptions): SimulateSettings {
  checkNames(options, SIMULATE_OPTIONS);
  const run = normalizeRunOptions({ ...options, pool: labeled });
  const settings: SimulateSettings = {
    ...run,
    ...{ categoryField: options.categoryField, confirm: options.confirm, onNote: options.onNote },
    arms: parseArms(strategies ?? DEFAULT_ARMS, run.llm.provider),
    budgets: [...(options.budgets ?? DEFAULT_BUDGETS)].sort((a, b) => a - b),
    seeds: options.seeds ?? DEFAULT_SEEDS,
    heldOut: options.heldOut ?? 500,
    sample: options.sample ?? 5_000,
    dedupeThreshold: options.dedupeThreshold ?? 0.98,
    embedder: normalizeEmbedderOptions(options),
    trainer: normalizeTrainer(options.trainer ?? { kind: 'retrieval' }, options.maxMicroUsd),
    environment: options.environment ?? {},
  };
  checkList('budgets', settings.budgets, 1);
  checkList('seeds', settings.seeds, Number.MIN_SAFE_INTEGER);
  checkWhole('heldOut', settings.heldOut, 1);
  checkWhole('sample', settings.sample, 0);
  if (!(settings.dedupeThreshold >= 0 && settings.dedupeThreshold <= 1)) {
    throw new UsageError(
      sentence`${option('dedupeThreshold')} is a cosine from 0 (off) to 1, not ${settings.dedupeThreshold}.`,
    );
  }
  if (settings.arms.some(({ arm }) => arm.asksLlm)) checkProvider(settings.llm);
  return settings;
}

function normalizeTrainer(given: TrainerChoice, maxMicroUsd: MicroUsd | undefined): Training {
  if (!isCommand(given)) {
    const { name, isImmediate, options } = TRAINERS.find(given.kind);
    if (isImmediate !== true) {
      const names = [...immediateTrainers(), 'command'].join(', ');
      throw new UsageError(`A simulation cannot use the trainer ${name}.`, `Use one of: ${names}.`);
    }
    const parsed = options.strict().safeParse(given.options ?? {});
    if (parsed.success) return { kind: name, options: parsed.data };
    const { path, message } = parsed.error.issues[0]!;
    throw new UsageError(sentence`${option(['trainer.options', ...path.map(String)].join('.'))}: ${message}.`);
  }
  if (given.worstCaseMicroUsd === undefined && maxMicroUsd !== undefined) {
    throw new UsageError(
      sentence`${option('maxMicroUsd')} is a limit, but nothing states what a training can cost.`,
      sentence`Set ${option('trainer.worstCaseMicroUsd')} to the most that one can cost: 0 if it is free.`,
    );
  }
  const training = {
    format: 'alpaca',
    timeLimitMinutes: 1_440,
    worstCaseMicroUsd: 0,
    price: FREE,
    contextTokens: 4_096,
    maxOutputTokens: 512,
    temperature: 0,
    ...given,
  } as const;
  if (training.command.trim() === '') throw new UsageError(sentence`${option('trainer.command')} is empty.`);
  checkAddress('trainer.baseUrl', training.baseUrl);
  checkKey('WINNOW_MODEL_API_KEY', training.apiKey);
  checkWhole('trainer.worstCaseMicroUsd', training.worstCaseMicroUsd, 0);
  if (!(training.timeLimitMinutes > 0)) {
    throw new UsageError(`The time limit of a training is more than 0 minutes, not ${training.timeLimitMinutes}.`);
  }
  return training;
}

function checkList(name: string, values: readonly number[], least: number): void {
  if (values.length === 0) throw new UsageError(sentence`${option(name)} needs one or more numbers.`);
  for (const value of values) checkWhole(name, value, least);
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) throw new UsageError(sentence`${option(name)} names ${repeated} twice.`);
}
