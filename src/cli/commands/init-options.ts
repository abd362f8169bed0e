import { type Command, Option } from 'commander';
import { PRESETS, type TemplateAnswers, type TrainerAnswer } from '../../campaign/config/template-answers.ts';
import { UsageError } from '../../domain/errors.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { ModelPrice } from '../../domain/usage.ts';
import { parsePrice } from '../../models/metering/prices.ts';
import { likeModel, unknownPrice } from '../../models/providers/open-llm.ts';
import { knownModel } from '../../models/providers/provider-definition.ts';
import { modelSettings } from '../../models/providers/provider-settings.ts';
import { PROVIDERS } from '../../models/providers/registry.ts';
import { TRAINERS } from '../../trainers/registry.ts';
import { addCampaignOptions, type CampaignFlags } from '../with-campaign.ts';
import { addModelFlags } from './model-flags.ts';
import { dollars, whole } from './option-values.ts';

/** Answers given on the command line. The others are asked for, or have a default. */
export interface InitAnswers {
  readonly preset?: TemplateAnswers['preset'];
  /** As typed: relative to where the command is typed. */
  readonly pool?: readonly string[];
  readonly provider?: string;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly price?: ModelPrice;
  readonly pricedAs?: string;
  readonly labels?: number;
  readonly usd?: MicroUsd;
  /** Of the registry. */
  readonly trainer?: string;
  readonly trainCommand?: string;
  readonly trainCost?: MicroUsd;
  readonly trainModel?: string;
  readonly trainingPrice?: MicroUsd;
  readonly trainModelPrice?: ModelPrice;
}

export interface InitFlags extends CampaignFlags, InitAnswers {
  readonly force?: boolean;
  readonly yes?: boolean;
}

export function addInitOptions(command: Command): Command {
  addCampaignOptions(command)
    .optionsGroup('Answers, to skip the questions:')
    .addOption(
      new Option(
        '--preset <name>',
        'selectllm: an LLM chooses the seed round; mods: quality filter, then k-center; without an LLM, facility location chooses the seed round (default: selectllm)',
      ).choices(PRESETS),
    )
    .option(
      '--pool <file...>',
      'instructions to choose from: JSONL, JSON, CSV, TSV or Parquet (default: the only such file here)',
    )
    .addOption(
      new Option('--provider <name>', 'the LLM that chooses and judges (default: offline)').choices(PROVIDERS.names),
    );
  return addModelFlags(command, modelSettings.pick({ model: true, baseUrl: true, price: true, pricedAs: true }))
    .option('--labels <n>', 'total number of instructions to label (default: 500)', whole(1))
    .option('--usd <dollars>', 'cap on the total cost (default: 10)', dollars)
    .addOption(
      new Option('--trainer <kind>', 'how the seed model is trained (default: retrieval)').choices(TRAINERS.names),
    )
    .option('--train-command <line>', 'command: your training command')
    .option('--train-cost <dollars>', 'command: the most that one training can cost; 0 if it is free', dollars)
    .option('--train-model <name>', 'openai: the model to fine-tune')
    .option('--training-price <dollars>', 'openai: USD per million training tokens', dollars)
    .option('--train-model-price <in,out>', 'openai: USD per million tokens of the trained model', parsePrice)
    .optionsGroup('Running:')
    .option('--force', 'overwrite an existing winnow.yaml')
    .option('-y, --yes', 'ask nothing; use the defaults');
}

/**
 * @param pool as winnow.yaml is to name it @param plugins likewise
 * @throws UsageError for answers that contradict or need each other, or a model that no price is known of;
 *   UnknownPriceError
 */
export function templateAnswers(
  given: InitAnswers,
  pool: readonly string[],
  plugins: readonly string[] = [],
): TemplateAnswers {
  checkProvider(given);
  const { preset = 'selectllm', provider, model, baseUrl, price, pricedAs, labels, usd } = given;
  const trainer = trainerAnswer(given);
  return { preset, pool, plugins, provider, model, baseUrl, price, pricedAs, labels, totalMicroUsd: usd, trainer };
}

/** Whether the user must enter the price of a model. */
export function needsPrice(provider: string, model: string): boolean {
  const definition = PROVIDERS.find(provider);
  const isTold = definition.tells?.includes('price') ?? false;
  return definition.price === undefined && !isTold && knownModel(definition, model) === undefined;
}

function checkProvider({ provider = 'offline', model, baseUrl, price, pricedAs }: InitAnswers): void {
  const definition = PROVIDERS.find(provider);
  const { required, settings } = definition;
  if (!('model' in settings.shape)) {
    const idle = [model && '--model', baseUrl && '--base-url', price && '--price', pricedAs && '--priced-as'].find(
      Boolean,
    );
    if (idle)
      throw new UsageError(`${idle} needs a --provider.`, `Use one of: ${PROVIDERS.names.slice(1).join(', ')}.`);
    return;
  }
  if (model === undefined) throw new UsageError(`--provider ${provider} needs --model.`);
  if (required.includes('baseUrl') && baseUrl === undefined) {
    throw new UsageError(`--provider ${provider} needs --base-url, e.g. http://localhost:8000/v1.`);
  }
  if (pricedAs !== undefined) likeModel(pricedAs, definition);
  else if (price === undefined && needsPrice(provider, model)) throw unknownPrice(definition, model);
}

function trainerAnswer(given: InitAnswers): TrainerAnswer {
  const { trainer: kind = 'retrieval', trainCommand, trainCost, trainModel, trainingPrice, trainModelPrice } = given;
  const openai = {
    '--train-model': trainModel,
    '--training-price': trainingPrice,
    '--train-model-price': trainModelPrice,
  };
  const idle = Object.entries({
    ...(kind === 'command' ? {} : { '--train-command': trainCommand, '--train-cost': trainCost }),
    ...(kind === 'openai' ? {} : openai),
  }).find(([, value]) => value !== undefined);
  if (idle) throw new UsageError(`${idle[0]} does nothing for the trainer ${kind}.`, 'Set --trainer, or leave it out.');
  if (kind === 'retrieval' || kind === 'nearest-neighbour') return { kind };
  if (kind === 'command') {
    if (trainCommand === undefined) throw new UsageError('--trainer command needs --train-command.');
    if (trainCost === undefined) {
      throw new UsageError(
        '--trainer command needs --train-cost, the most that one training can cost: 0 if it is free.',
      );
    }
    return { kind, command: trainCommand, worstCaseMicroUsd: trainCost };
  }
  if (kind !== 'openai') return { kind: 'own', name: TRAINERS.find(kind).name };
  if (trainModel === undefined || trainingPrice === undefined || trainModelPrice === undefined) {
    throw new UsageError(`--trainer openai needs ${Object.keys(openai).join(', ')}.`);
  }
  return { kind, model: trainModel, trainingMicroUsd: trainingPrice, price: trainModelPrice };
}
